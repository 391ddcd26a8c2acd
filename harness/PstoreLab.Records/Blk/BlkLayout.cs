using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// How pstore_blk divides a device: pmsg, console, ftrace for each CPU, and dumps in what is left
/// (<c>psz_alloc_zones</c> in fs/pstore/zone.c and <c>verify_size</c> in fs/pstore/blk.c, 5.10 to 7.2).
/// </summary>
internal sealed class BlkLayout
{
    /// <summary>Of a zone's header and of the sub-header of a dump, below which a zone is of no use.</summary>
    internal const int SmallestZone = BlkHeader.Length + BlkKmsgHeader.Length + 1;

    // SZ_128M in register_pstore_zone, in 6.1 and not in 5.10: what lies beyond is not used.
    private const long Cap = 128 << 20;
    private static readonly Version FirstCapped = new(6, 1);

    // The most that x86 can be configured for.
    private const int MostCpus = 8192;

    private BlkLayout(IReadOnlyList<BlkZone> zones, long used)
    {
        Zones = zones;
        Used = used;
    }

    /// <summary>In the order of the device.</summary>
    public IReadOnlyList<BlkZone> Zones { get; }

    /// <summary>How much of the device pstore_blk goes by, in bytes.</summary>
    public long Used { get; }

    public IEnumerable<BlkZone> Of(string type) => Zones.Where(zone => zone.Type == type);

    /// <summary>
    /// The layout that these parameters give, all in KiB. Without <c>kmsg_size</c> it is 64; the other three are 0
    /// unless given, as in a kernel without those frontends, such as Debian's: one that has them, and was compiled with
    /// the usual sizes, wants them given as 64.
    /// </summary>
    /// <param name="length">Of the device, in bytes.</param>
    /// <exception cref="RecordFormatException">pstore_blk refuses this; or the number of CPUs is needed and not
    /// known.</exception>
    public static BlkLayout From(StoreOptions options, long length)
    {
        long total = length / 512 * 512;
        if (total < 4096 || total % 4096 != 0)
            throw new RecordFormatException(
                $"pstore_blk refuses a device of {length} bytes: expected a multiple of 4096"
            );
        if (options.Kernel is not { } kernel || kernel >= FirstCapped)
            total = Math.Min(total, Cap);

        var zones = new List<BlkZone>();
        long offset = Single(zones, RecordType.Pmsg, 0, Bytes(options, PstoreBlkParameters.PmsgSize, 0), total);
        offset = Single(zones, RecordType.Console, offset, Bytes(options, PstoreBlkParameters.ConsoleSize, 0), total);
        long reserved = offset;
        long ftrace = Bytes(options, PstoreBlkParameters.FtraceSize, 0);
        if (ftrace > 0)
        {
            if (options.Cpus is not (> 0 and <= MostCpus and var cpus))
                throw new RecordFormatException(
                    $"with {PstoreBlkParameters.FtraceSize} the number of CPUs is needed, from 1 to {MostCpus}: the zones are one for each"
                );
            offset = Many(zones, RecordType.Ftrace, offset, ftrace, ftrace / cpus, total);
            reserved += ftrace;
        }
        long kmsg = Bytes(options, PstoreBlkParameters.KmsgSize, PstoreBlkParameters.DefaultKmsgSize);
        // Counted from all of ftrace_size, and laid from where its zones really end.
        if (kmsg > 0)
            Many(zones, RecordType.Dmesg, offset, total - reserved, kmsg, total);
        if (zones.Count == 0)
            throw new RecordFormatException("pstore_blk refuses a device on which all sizes are 0");
        return new BlkLayout(zones, total);
    }

    /// <summary>In one line, sizes as the parameters have them.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            Zones
                .GroupBy(zone => zone.Type)
                .Select(zones =>
                    $"{zones.Count()} {zones.Key} zone{(zones.Count() == 1 ? "" : "s")} of "
                    + $"{zones.First().Length} bytes from 0x{zones.First().Offset:x}"
                )
        );

    private static long Single(List<BlkZone> zones, string type, long offset, long size, long total)
    {
        if (size == 0)
            return offset;
        if (size > total - offset)
            throw new RecordFormatException(
                $"there is no room for a {type} zone of {size} bytes at 0x{offset:x} of {total}"
            );
        zones.Add(new BlkZone(type, 0, offset, (int)size));
        return offset + size;
    }

    private static long Many(List<BlkZone> zones, string type, long offset, long size, long each, long total)
    {
        if (size > total - offset || each < SmallestZone || size < each)
            throw new RecordFormatException(
                $"there is no room for {type} zones of {each} bytes at 0x{offset:x} of {total}"
            );
        for (int index = 0; index < size / each; index++)
            zones.Add(new BlkZone(type, index, offset + index * each, (int)each));
        return offset + size / each * each;
    }

    private static long Bytes(StoreOptions options, string parameter, long absent)
    {
        // A frontend that is compiled out has -1.
        if (options.Parameters.TryGetValue(parameter, out string? text) && text.StartsWith('-'))
            return 0;
        long given = options.Number(parameter) ?? absent;
        if (given > int.MaxValue / 1024)
            throw new RecordFormatException($"{parameter} is {given} KiB; no zone is as large");
        long bytes = given * 1024;
        // The kernel rounds the number of KiB up as if it were bytes.
        return bytes % 4096 == 0 ? bytes : (given + 4095) / 4096 * 4096;
    }
}
