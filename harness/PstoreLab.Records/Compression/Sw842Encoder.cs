using System.Buffers.Binary;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Compresses to 842 as <c>sw842_compress</c> does (lib/842/842_compress.c of 5.10 and 6.1), bit for bit: each block of
/// 8 bytes takes the fewest bits it needs by itself, with the last index that fits.
/// </summary>
internal sealed class Sw842Encoder
{
    private readonly BitWriter writer = new();

    /// <summary>By size and value: the last place of such bytes.</summary>
    private readonly Dictionary<ulong, int>[] places =
    [
        .. Enumerable.Range(0, Sw842Format.Block + 1).Select(_ => new Dictionary<ulong, int>()),
    ];

    public static byte[] Compress(ReadOnlySpan<byte> content) => new Sw842Encoder().Encode(content);

    private byte[] Encode(ReadOnlySpan<byte> content)
    {
        int at = 0;
        for (; content.Length - at >= Sw842Format.Block; at += Sw842Format.Block)
        {
            int repeats = Repeats(content, at);
            if (repeats > 0)
            {
                writer.Write(Sw842Format.Repeat, Sw842Format.TemplateBits);
                writer.Write((uint)repeats - 1, Sw842Format.RepeatBits);
                for (; repeats > 1; repeats--, at += Sw842Format.Block)
                    Remember(content, at);
            }
            else
            {
                WriteBlock(content, at);
            }

            Remember(content, at);
        }

        if (at < content.Length)
        {
            writer.Write(Sw842Format.ShortData, Sw842Format.TemplateBits);
            writer.Write((uint)(content.Length - at), Sw842Format.ShortDataBits);
            foreach (byte value in content[at..])
                writer.Write(value, 8);
        }

        writer.Write(Sw842Format.End, Sw842Format.TemplateBits);
        writer.Write(Sw842Format.Checksum(content), Sw842Format.ChecksumBits);
        return writer.ToPaddedBytes(Sw842Format.Block);
    }

    /// <summary>Counts the blocks from here on that repeat the one before.</summary>
    private static int Repeats(ReadOnlySpan<byte> content, int at)
    {
        int repeats = 0;
        if (at > 0)
        {
            var before = content.Slice(at - Sw842Format.Block, Sw842Format.Block);
            for (; repeats < Sw842Format.MaxRepeats && content[at..].StartsWith(before); at += Sw842Format.Block)
                repeats++;
        }

        return repeats;
    }

    private void WriteBlock(ReadOnlySpan<byte> content, int at)
    {
        if (Value(content, at, Sw842Format.Block) == 0)
        {
            writer.Write(Sw842Format.Zeros, Sw842Format.TemplateBits);
        }
        else if (IndexOf(content, at, Sw842Format.Block, at) is { } index)
        {
            writer.Write(Sw842Format.IndexedBlock, Sw842Format.TemplateBits);
            writer.Write(index, Sw842Format.IndexBits(Sw842Format.Block));
        }
        else
        {
            int first = BestHalf(content, at, at);
            int second = BestHalf(content, at + 4, at);
            writer.Write((uint)((first * 5) + second), Sw842Format.TemplateBits);
            WriteHalf(first, content, at, at);
            WriteHalf(second, content, at + 4, at);
        }
    }

    /// <summary>Chooses the half that needs the fewest bits, by its number.</summary>
    /// <param name="content">All of the content.</param>
    /// <param name="at">Where the half begins.</param>
    /// <param name="written">Length of the decoder's output before this block, in bytes.</param>
    private int BestHalf(ReadOnlySpan<byte> content, int at, int written)
    {
        int best = 0;
        int fewest = int.MaxValue;
        for (int half = 0; half < Sw842Format.Halves.Count; half++)
        {
            if (Bits(Sw842Format.Halves[half], content, at, written) is { } bits && bits < fewest)
                (best, fewest) = (half, bits);
        }

        return best;
    }

    /// <returns>Null where an index refers to bytes that the decoder does not have yet.</returns>
    private int? Bits(Sw842Format.Argument[] half, ReadOnlySpan<byte> content, int at, int written)
    {
        int bits = 0;
        foreach (var (size, indexed) in half)
        {
            if (indexed && IndexOf(content, at, size, written) is null)
                return null;
            bits += indexed ? Sw842Format.IndexBits(size) : 8 * size;
            at += size;
        }

        return bits;
    }

    private void WriteHalf(int half, ReadOnlySpan<byte> content, int at, int written)
    {
        foreach (var (size, indexed) in Sw842Format.Halves[half])
        {
            if (indexed)
                writer.Write(IndexOf(content, at, size, written)!.Value, Sw842Format.IndexBits(size));
            else
                writer.Write((uint)Value(content, at, size), 8 * size);
            at += size;
        }
    }

    private uint? IndexOf(ReadOnlySpan<byte> content, int at, int size, int written) =>
        places[size].TryGetValue(Value(content, at, size), out int place) && place >= written - Sw842Format.Ring(size)
            ? (uint)(place % Sw842Format.Ring(size) / size)
            : null;

    private void Remember(ReadOnlySpan<byte> content, int block)
    {
        foreach (int size in (ReadOnlySpan<int>)[2, 4, 8])
        {
            for (int at = block; at < block + Sw842Format.Block; at += size)
                places[size][Value(content, at, size)] = at;
        }
    }

    private static ulong Value(ReadOnlySpan<byte> content, int at, int size) =>
        size switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(content[at..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(content[at..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(content[at..]),
        };
}
