using System.Numerics;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Division of a ramoops area into zones by the module's parameters (<c>ramoops_probe</c>, <c>ramoops_init_przs</c> and
/// <c>ramoops_init_prz</c> in fs/pstore/ram.c, 5.10, 6.1, 6.12 and 7.2; only the order of the zones changed). The area
/// does not store it.
/// </summary>
/// <remarks>
/// A zone takes its room even where the kernel lacks the frontend that fills it: Debian's kernels, without console,
/// pmsg and ftrace, reserve three zones of 4096 bytes.
/// </remarks>
internal sealed record RamoopsLayout
{
    /// <summary>First version with pmsg before ftrace (commit 6daf4e82bd54).</summary>
    public static Version PmsgBeforeFtrace { get; } = new(6, 2);

    /// <summary>Version of the writing kernel where none is given.</summary>
    public static Version AssumedKernel { get; } = new(6, 12);

    /// <summary>Default of record_size, console_size, ftrace_size and pmsg_size, in bytes.</summary>
    public const int DefaultSize = 4096;

    /// <summary>Bytes of parity for <c>ramoops.ecc=1</c>.</summary>
    public const int DefaultParity = 16;

    private RamoopsLayout() { }

    /// <summary>Size of the area, in bytes.</summary>
    public required long MemorySize { get; init; }

    /// <summary>
    /// Record size in bytes, rounded down to a power of two; 0 for no dump zones. The dump zones are as large as the
    /// area allows.
    /// </summary>
    public required long RecordSize { get; init; }

    /// <summary>Size of the console zone in bytes, a power of two; 0 for none.</summary>
    public required long ConsoleSize { get; init; }

    /// <summary>Size of all ftrace zones together in bytes, a power of two; 0 for none.</summary>
    public required long FtraceSize { get; init; }

    /// <summary>Size of the pmsg zone in bytes, a power of two; 0 for none.</summary>
    public required long PmsgSize { get; init; }

    /// <summary>Bytes of parity for each 128 of data; 0 without error correction.</summary>
    public required int ParitySize { get; init; }

    /// <summary>Number of ftrace zones.</summary>
    public required int Cpus { get; init; }

    /// <summary>Whether pmsg comes before ftrace.</summary>
    public required bool PmsgFirst { get; init; }

    /// <summary>Whether the headers are those of a big-endian machine.</summary>
    public required bool BigEndian { get; init; }

    /// <summary>
    /// The zones in the order of the area. Zones that begin behind the end of the image are left out.
    /// </summary>
    public required IReadOnlyList<RamoopsZone> Zones { get; init; }

    /// <summary>
    /// Divides an area by the parameters <c>ramoops.mem_size</c>, <c>record_size</c>, <c>console_size</c>,
    /// <c>ftrace_size</c>, <c>pmsg_size</c> and <c>ecc</c>, with the kernel's own defaults, and by the writer's CPUs
    /// and version.
    /// </summary>
    /// <param name="options">Parameters, CPUs and version.</param>
    /// <param name="length">Length of the image in bytes; also the size of the area without
    /// <c>ramoops.mem_size</c>.</param>
    /// <exception cref="RecordFormatException">A kernel refuses these parameters, or hits a BUG.</exception>
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
            throw new RecordFormatException("a ramoops area of 0 bytes; expected a larger ramoops.mem_size");
        if (record == 0 && console == 0 && ftrace == 0 && pmsg == 0)
            throw new RecordFormatException(
                "ramoops without a zone: record_size, console_size, ftrace_size and pmsg_size are all 0"
            );
        if (parity > ZoneGeometry.MaxParity)
            throw new RecordFormatException(
                $"ramoops.ecc is {parity}; expected 0, 1 (for {DefaultParity}) or up to "
                    + $"{ZoneGeometry.MaxParity} bytes"
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
            BigEndian = options.Endian == Endianness.Big,
            Zones = [],
        }.Divided(memory - (long)others, length);
    }

    /// <summary>The options of this layout.</summary>
    /// <param name="options">All other options are kept.</param>
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
        return options with
        {
            Parameters = parameters,
            Cpus = Cpus,
            Endian = BigEndian ? Endianness.Big : options.Endian,
        };
    }

    /// <summary>The layout in one readable line.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        foreach (var zones in Zones.GroupBy(zone => zone.Type))
            parts.Add($"{zones.Count()} {zones.Key} × {zones.First().Size}");
        string ecc = ParitySize == 0 ? "no ECC" : $"ECC of {ParitySize} bytes per {ZoneGeometry.BlockSize}";
        return $"{MemorySize} bytes: {string.Join(", ", parts)}; {ecc}{(BigEndian ? "; big-endian" : "")}";
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
            // ALIGN_DOWN(zone_sz, 2). The two single zones are powers of two, and one byte is too small in any case.
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
