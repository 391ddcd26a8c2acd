using System.Numerics;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// How a ramoops area is divided into zones: what <c>ramoops_probe</c>, <c>ramoops_init_przs</c> and
/// <c>ramoops_init_prz</c> in fs/pstore/ram.c make of the module's parameters (5.10, 6.1, 6.12 and 7.2; only the order
/// of the zones has changed). Nothing of it is written in the area.
/// </summary>
/// <remarks>
/// A zone takes its room whether or not the kernel has the frontend that fills it: Debian's kernels, without console,
/// pmsg and ftrace, keep three zones of 4096 bytes for nothing.
/// </remarks>
internal sealed record RamoopsLayout
{
    /// <summary>Since this kernel pmsg comes before ftrace (commit 6daf4e82bd54).</summary>
    public static Version PmsgBeforeFtrace { get; } = new(6, 2);

    /// <summary>The kernel that is taken for the writer where none is given.</summary>
    public static Version AssumedKernel { get; } = new(6, 12);

    /// <summary>Of record_size, console_size, ftrace_size and pmsg_size, in bytes.</summary>
    public const int DefaultSize = 4096;

    /// <summary>What <c>ramoops.ecc=1</c> means, in bytes.</summary>
    public const int DefaultParity = 16;

    private RamoopsLayout() { }

    /// <summary>Of the area, in bytes.</summary>
    public required long MemorySize { get; init; }

    /// <summary>
    /// As the kernel rounds it, to a power of two; the dump zones themselves are as large as the area allows. 0 for
    /// none.
    /// </summary>
    public required long RecordSize { get; init; }

    /// <summary>In bytes, a power of two; 0 for none.</summary>
    public required long ConsoleSize { get; init; }

    /// <summary>Of all ftrace zones together, in bytes, a power of two; 0 for none.</summary>
    public required long FtraceSize { get; init; }

    /// <summary>In bytes, a power of two; 0 for none.</summary>
    public required long PmsgSize { get; init; }

    /// <summary>Bytes of parity to each 128 of data; 0 without error correction.</summary>
    public required int ParitySize { get; init; }

    /// <summary>How many ftrace zones there are.</summary>
    public required int Cpus { get; init; }

    /// <summary>Whether pmsg comes before ftrace.</summary>
    public required bool PmsgFirst { get; init; }

    /// <summary>
    /// In the order of the area. Where the area is larger than the image they end with the last that begins in it.
    /// </summary>
    public required IReadOnlyList<RamoopsZone> Zones { get; init; }

    /// <summary>
    /// Divides an area by the parameters <c>ramoops.mem_size</c>, <c>record_size</c>, <c>console_size</c>,
    /// <c>ftrace_size</c>, <c>pmsg_size</c> and <c>ecc</c>, with the kernel's own defaults, and by the writer's CPUs
    /// and version.
    /// </summary>
    /// <param name="length">Of the image, in bytes; also the area's size where there is no
    /// <c>ramoops.mem_size</c>.</param>
    /// <exception cref="RecordFormatException">A kernel refuses these parameters, or stops at them.</exception>
    public static RamoopsLayout From(StoreOptions options, long length)
    {
        long memory = options.Number("ramoops.mem_size") ?? length;
        long record = Rounded(options, "ramoops.record_size");
        long console = Rounded(options, "ramoops.console_size");
        long ftrace = Rounded(options, "ramoops.ftrace_size");
        long pmsg = Rounded(options, "ramoops.pmsg_size");
        long parity = options.Number("ramoops.ecc") ?? 0;
        int cpus = options.Cpus ?? 1;
        if (memory <= 0)
            throw new RecordFormatException("a ramoops area of 0 bytes; expected ramoops.mem_size to say more");
        if (record == 0 && console == 0 && ftrace == 0 && pmsg == 0)
            throw new RecordFormatException(
                "ramoops without a zone: record_size, console_size, ftrace_size and pmsg_size are all 0"
            );
        if (parity > ZoneGeometry.LargestParity)
            throw new RecordFormatException(
                $"ramoops.ecc is {parity}; expected 0, 1 (for {DefaultParity}) or up to "
                    + $"{ZoneGeometry.LargestParity} bytes"
            );
        if (cpus < 1)
            throw new RecordFormatException($"{cpus} CPUs; expected 1 or more");

        Int128 others = (Int128)console + ftrace + pmsg;
        if (others > memory)
            throw new RecordFormatException(
                $"ramoops.mem_size is {memory} bytes, and console, ftrace and pmsg alone take {others}"
            );
        return new RamoopsLayout
        {
            MemorySize = memory,
            RecordSize = record,
            ConsoleSize = console,
            FtraceSize = ftrace,
            PmsgSize = pmsg,
            // "1 is a special value, means 16 bytes ECC".
            ParitySize = parity == 1 ? DefaultParity : (int)parity,
            Cpus = cpus,
            PmsgFirst = (options.Kernel ?? AssumedKernel) >= PmsgBeforeFtrace,
            Zones = [],
        }.Divided(memory - (long)others, length);
    }

    /// <summary>The options that make this layout again.</summary>
    /// <param name="options">What they say beside it is kept.</param>
    public StoreOptions ToOptions(StoreOptions options)
    {
        var parameters = new Dictionary<string, string>(options.Parameters)
        {
            ["ramoops.mem_size"] = $"{MemorySize}",
            ["ramoops.record_size"] = $"{RecordSize}",
            ["ramoops.console_size"] = $"{ConsoleSize}",
            ["ramoops.ftrace_size"] = $"{FtraceSize}",
            ["ramoops.pmsg_size"] = $"{PmsgSize}",
            ["ramoops.ecc"] = $"{ParitySize}",
        };
        return options with { Parameters = parameters, Cpus = Cpus };
    }

    /// <summary>In one line, for a person.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        foreach (var zones in Zones.GroupBy(zone => zone.Type))
            parts.Add($"{zones.Count()} {zones.Key} × {zones.First().Size}");
        string ecc = ParitySize == 0 ? "no ECC" : $"ECC of {ParitySize} bytes per {ZoneGeometry.BlockSize}";
        return $"{MemorySize} bytes: {string.Join(", ", parts)}; {ecc}";
    }

    private static long Rounded(StoreOptions options, string parameter)
    {
        long size = options.Number(parameter) ?? DefaultSize;
        return size == 0 ? 0 : 1L << BitOperations.Log2((ulong)size);
    }

    private RamoopsLayout Divided(long dumps, long length)
    {
        var zones = new List<RamoopsZone>();
        long offset = 0;
        if (dumps > 0 && RecordSize > 0)
        {
            if (dumps < RecordSize)
                throw new RecordFormatException(
                    $"ramoops.record_size is {RecordSize}, and only {dumps} bytes are left for dumps"
                );
            Add(RecordType.Dmesg, dumps / RecordSize, dumps);
        }
        Add(RecordType.Console, 1, ConsoleSize);
        if (PmsgFirst)
            Add(RecordType.Pmsg, 1, PmsgSize);
        Add(RecordType.Ftrace, Cpus, FtraceSize);
        if (!PmsgFirst)
            Add(RecordType.Pmsg, 1, PmsgSize);
        return this with { Zones = zones };

        void Add(string type, long count, long total)
        {
            if (total == 0)
                return;
            // ALIGN_DOWN(zone_sz, 2); the two single zones are powers of two, and one byte is too little anyway.
            long size = total / count & ~1L;
            if (size > int.MaxValue || ZoneGeometry.Of((int)size, ParitySize) is null)
                throw new RecordFormatException(
                    $"a {type} zone of {size} bytes has no room for a header, "
                        + $"data{(ParitySize > 0 ? " and parity" : "")}"
                );
            for (int index = 0; index < count && offset < length; index++)
            {
                zones.Add(new RamoopsZone(type, index, offset, (int)size));
                offset += size;
            }
        }
    }
}
