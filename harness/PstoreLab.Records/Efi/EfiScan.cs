using System.Buffers.Binary;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Efi;

/// <summary>
/// Finds variable stores anywhere in an image of a machine's flash: firmware volumes for variables, stores without one,
/// and the NVAR stores of AMI firmware.
/// </summary>
public static class EfiScan
{
    private const int MaxStoreLength = 64 << 20;

    private const int MaxNvarLength = 1 << 20;

    // More do not occur, except in an image made for it.
    private const int MaxTried = 64;

    private const int BlockSize = 1 << 20;

    // A volume's header, with the signature in the middle of it.
    private const int Context = VariableStore.VolumeHeaderLength;

    private const int SignatureInVolume = 40;

    private static readonly byte[] Authenticated = EfiGuids.AuthenticatedVariables.ToByteArray();
    private static readonly byte[] Plain = EfiGuids.Variables.ToByteArray();
    private static readonly IStoreFormat Format = new EfiFormat();

    /// <summary>Finds all stores of a stream and decodes them one by one.</summary>
    /// <param name="stream">It is seekable, is read from its position to its end, and set back to that
    /// position.</param>
    /// <param name="options">Known parameters of the stores.</param>
    /// <returns>Each store with its offset from the position, in ascending order; they do not overlap.</returns>
    public static IReadOnlyList<(long Offset, DecodedStore Store)> DecodeAll(Stream stream, StoreOptions options)
    {
        long start = stream.Position;
        var stores = new List<(long, DecodedStore)>();
        long end = 0;
        int tried = 0;
        foreach (long offset in Candidates(stream, start).Order().Distinct())
        {
            if (offset < end || LengthAt(stream, start + offset) is not (> 0 and var longest) || tried++ >= MaxTried)
                continue;
            if (Decode(stream, start + offset, longest, options) is not { } store)
                continue;
            // Firmware has NVAR stores of defaults, too, which hold no record.
            if (store.Records.Count > 0 || !IsNvar(store))
                stores.Add((offset, store));
            end = offset + store.Length;
        }
        stream.Position = start;
        return stores;
    }

    private static bool IsNvar(DecodedStore store) => store.Layout.StartsWith("NVAR", StringComparison.Ordinal);

    private static List<long> Candidates(Stream stream, long start)
    {
        var found = new List<long>();
        byte[] block = new byte[BlockSize + Context];
        long offset = 0;
        int carried = 0;
        int read;
        stream.Position = start;
        while ((read = stream.ReadAtLeast(block.AsSpan(carried, BlockSize), BlockSize, throwOnEndOfStream: false)) > 0)
        {
            int length = carried + read;
            var bytes = block.AsSpan(0, length);
            Search(bytes, "_FVH"u8, offset - SignatureInVolume, found);
            Search(bytes, Authenticated, offset, found);
            Search(bytes, Plain, offset, found);
            Search(bytes, NvarStore.Signature, offset, found);
            // What lies across two blocks is whole in the second; what is found twice counts once.
            int kept = Math.Min(length, Context);
            bytes[(length - kept)..].CopyTo(block);
            offset += length - kept;
            carried = kept;
        }
        return found;
    }

    private static void Search(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> sought, long offset, List<long> found)
    {
        for (int at = 0; bytes[at..].IndexOf(sought) is >= 0 and var next; at += sought.Length)
        {
            at += next;
            if (offset + at >= 0)
                found.Add(offset + at);
        }
    }

    private static long LengthAt(Stream stream, long at) =>
        Math.Min(stream.Length - at, LengthOf(Read(stream, at, (int)Math.Min(stream.Length - at, Context))));

    private static DecodedStore? Decode(Stream stream, long at, long length, StoreOptions options)
    {
        byte[] image = Read(stream, at, (int)length);
        try
        {
            return Format.Decode(image, options);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    /// <summary>How long what begins here may be, by its header; 0 where no store begins.</summary>
    private static long LengthOf(ReadOnlySpan<byte> head)
    {
        if (NvarStore.IsAt(head))
            return MaxNvarLength;
        if (VariableStore.IsVolume(head))
            return Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(head[32..]), 0, MaxStoreLength);
        return VariableStore.IsBare(head) && head[21] == VariableStore.Healthy
            ? Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head[16..]), MaxStoreLength)
            : 0;
    }

    private static byte[] Read(Stream stream, long at, int length)
    {
        stream.Position = at;
        byte[] bytes = new byte[length];
        int read = stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false);
        return read == length ? bytes : bytes[..read];
    }
}
