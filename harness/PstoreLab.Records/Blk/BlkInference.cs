using System.Buffers.Binary;
using System.Numerics;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Infers the sizes of zones from their headers, on a device with unknown parameters. Sizes are multiples of 4096, and
/// a zone has a header once it was written to.
/// </summary>
internal static class BlkInference
{
    private const int Step = 4096;

    private static readonly string[] Rings = [RecordType.Pmsg, RecordType.Console, RecordType.Ftrace];

    /// <summary>Type of the zone that begins at an offset; null where none begins.</summary>
    public static string? TypeAt(ReadOnlySpan<byte> image, int offset)
    {
        if (image.Length - offset < BlkLayout.MinZoneLength)
            return null;
        uint signature = BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);
        if (signature == BlkHeader.SignatureOf(RecordType.Dmesg))
            return BinaryPrimitives.ReadUInt32LittleEndian(image[(offset + BlkHeader.Length)..]) == BlkKmsgHeader.Magic
                ? RecordType.Dmesg
                : null;
        foreach (string type in Rings)
        {
            if (signature == BlkHeader.SignatureOf(type))
                return type;
        }
        return null;
    }

    /// <summary>Completes the options by the four sizes, and by the number of CPUs where there is ftrace.</summary>
    /// <param name="image">The whole device.</param>
    /// <param name="options">Known parameters.</param>
    /// <param name="guesses">Receives the assumptions, each a sentence without a full stop.</param>
    /// <exception cref="RecordFormatException">The device has no zone.</exception>
    public static StoreOptions Complete(ReadOnlySpan<byte> image, StoreOptions options, List<string> guesses)
    {
        var first = new Dictionary<string, int>();
        var dumps = new List<int>();
        for (int offset = 0; offset < image.Length; offset += Step)
        {
            if (TypeAt(image, offset) is not { } type)
                continue;
            first.TryAdd(type, offset);
            if (type == RecordType.Dmesg)
                dumps.Add(offset);
        }
        if (first.Count == 0)
            throw new RecordFormatException(
                "no pstore_blk device, or an unused one: it has no zone header at any multiple of 4096"
            );

        int kmsg = Kmsg(image, dumps, guesses);
        // Each ring ends where the next zone begins. An unused zone counts with the one before it.
        int end =
            dumps.Count > 0
                ? dumps[0]
                : Math.Min(image.Length, first.Values.Max() + PstoreBlkParameters.DefaultKmsgSize * 1024);
        var sizes = new Dictionary<string, int>
        {
            [RecordType.Pmsg] = 0,
            [RecordType.Console] = 0,
            [RecordType.Ftrace] = 0,
        };
        int? cpus = options.Cpus;
        foreach (string type in Rings.Reverse())
        {
            if (!first.TryGetValue(type, out int start) || start >= end)
                continue;
            sizes[type] = end - start;
            if (type == RecordType.Ftrace)
                cpus ??= Cpus(image[start..end]);
            end = start;
        }
        if (end > 0 && IsErasedFlash(image[..end]))
        {
            guesses.Add(
                $"the first {end} bytes are erased flash: the device is assumed to be under mtdpstore, with zones for "
                    + "dumps alone"
            );
            kmsg = (int)BigInteger.GreatestCommonDivisor(kmsg, end);
        }
        else if (end > 0)
        {
            sizes[RecordType.Pmsg] += end;
            guesses.Add($"the first {end} bytes are unused: they are assumed to be a pmsg zone");
        }
        if (dumps.Count == 0)
        {
            int used = sizes.Values.Sum();
            kmsg = Math.Min(kmsg, (image.Length - used) / Step * Step);
            guesses.Add($"there is no dump: kmsg_size is assumed to be {kmsg / 1024} KiB");
        }
        var parameters = new Dictionary<string, string>(options.Parameters)
        {
            [PstoreBlkParameters.KmsgSize] = $"{kmsg / 1024}",
            [PstoreBlkParameters.PmsgSize] = $"{sizes[RecordType.Pmsg] / 1024}",
            [PstoreBlkParameters.ConsoleSize] = $"{sizes[RecordType.Console] / 1024}",
            [PstoreBlkParameters.FtraceSize] = $"{sizes[RecordType.Ftrace] / 1024}",
        };
        return options with { Parameters = parameters, Cpus = cpus };
    }

    // drivers/mtd/mtdpstore.c, 6.1 to 7.2: zones are whole erase blocks, and for dumps alone.
    private static bool IsErasedFlash(ReadOnlySpan<byte> start) => start.IndexOfAnyExcept((byte)0xff) < 0;

    // Dumps fill the zones in order from the first: the smallest distance between two is the size of a zone.
    private static int Kmsg(ReadOnlySpan<byte> image, List<int> dumps, List<string> guesses)
    {
        int step = 0;
        for (int index = 1; index < dumps.Count; index++)
            step = (int)BigInteger.GreatestCommonDivisor(step, dumps[index] - dumps[index - 1]);
        if (step > 0)
            return step;
        int kmsg = PstoreBlkParameters.DefaultKmsgSize * 1024;
        if (dumps.Count == 0)
            return kmsg;
        int room = image.Length - dumps[0];
        long needed = (long)BlkHeader.Length + Math.Max(0, BlkHeader.Read(image[dumps[0]..]).DataLength);
        while (kmsg < needed && kmsg <= room / 2)
            kmsg *= 2;
        kmsg = kmsg > room ? Math.Max(Step, room / Step * Step) : kmsg;
        guesses.Add($"there is only one dump: kmsg_size is assumed to be {kmsg / 1024} KiB");
        return kmsg;
    }

    // The zones of the CPUs are adjacent: the second header shows the size of one.
    private static int Cpus(ReadOnlySpan<byte> ftrace)
    {
        Span<byte> signature = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, BlkHeader.SignatureOf(RecordType.Ftrace));
        int second = ftrace[BlkHeader.Length..].IndexOf(signature);
        return second < 0 ? 1 : Math.Max(1, ftrace.Length / (second + BlkHeader.Length));
    }
}
