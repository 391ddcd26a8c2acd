using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Division of a device by pstore_blk: pmsg, console, ftrace for each CPU, and dumps in the rest
/// (<c>psz_alloc_zones</c> in fs/pstore/zone.c and <c>verify_size</c> in fs/pstore/blk.c, 5.10 to 7.2).
/// </summary>
internal sealed class BlkLayout
{
    /// <summary>Length of the shortest useful zone, in bytes: both headers, and a byte of payload.</summary>
    internal const int MinZoneLength = BlkHeader.Length + BlkKmsgHeader.Length + 1;

    // SZ_128M in register_pstore_zone, since 6.1 (5.10 has no limit): the rest of the device is not used.
    private const long MaxUsed = 128 << 20;
    private static readonly Version MaxUsedSince = new(6, 1);

    // The highest CONFIG_NR_CPUS of x86.
    private const int MaxCpus = 8192;

    private BlkLayout(IReadOnlyList<BlkZone> zones, long used)
    {
        Zones = zones;
        Used = used;
    }

    /// <summary>All zones, in the order of the device.</summary>
    public IReadOnlyList<BlkZone> Zones { get; }

    /// <summary>Bytes of the device that pstore_blk divides.</summary>
    public long Used { get; }

    public IEnumerable<BlkZone> Of(string type) => Zones.Where(zone => zone.Type == type);

    /// <summary>
    /// Divides a device by <see cref="PstoreBlkParameters"/>. Absent sizes of pmsg, console and ftrace count as 0, as
    /// in a kernel without these frontends, such as Debian's. A kernel with them has defaults of its own, usually 64
    /// KiB: its sizes must be given.
    /// </summary>
    /// <param name="options">Parameters and number of CPUs.</param>
    /// <param name="length">Length of the device, in bytes.</param>
    /// <exception cref="RecordFormatException">pstore_blk refuses these parameters; or the number of CPUs is needed and
    /// not known.</exception>
    public static BlkLayout From(StoreOptions options, long length)
    {
        long total = length / 512 * 512;
        if (total < 4096 || total % 4096 != 0)
            throw new RecordFormatException(
                $"pstore_blk refuses a device of {length} bytes: expected a multiple of 4096"
            );
        if (options.Kernel is not { } kernel || kernel >= MaxUsedSince)
            total = Math.Min(total, MaxUsed);

        var zones = new List<BlkZone>();
        long offset = Single(zones, RecordType.Pmsg, 0, Bytes(options, PstoreBlkParameters.PmsgSize, 0), total);
        offset = Single(zones, RecordType.Console, offset, Bytes(options, PstoreBlkParameters.ConsoleSize, 0), total);
        long reserved = offset;
        long ftrace = Bytes(options, PstoreBlkParameters.FtraceSize, 0);
        if (ftrace > 0)
        {
            if (options.Cpus is not (> 0 and <= MaxCpus and var cpus))
                throw new RecordFormatException(
                    $"with {PstoreBlkParameters.FtraceSize} the number of CPUs is needed, from 1 to {MaxCpus}: "
                        + "each has a zone of its own"
                );
            offset = Many(zones, RecordType.Ftrace, offset, ftrace, ftrace / cpus, total);
            reserved += ftrace;
        }
        long kmsg = Bytes(options, PstoreBlkParameters.KmsgSize, PstoreBlkParameters.DefaultKmsgSize);
        // Their number counts all of ftrace_size; they begin where its zones really end.
        if (kmsg > 0)
            Many(zones, RecordType.Dmesg, offset, total - reserved, kmsg, total);
        if (zones.Count == 0)
            throw new RecordFormatException("pstore_blk refuses a device on which all sizes are 0");
        return new BlkLayout(zones, total);
    }

    /// <summary>The layout in one readable line.</summary>
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
        if (size > total - offset || each < MinZoneLength || size < each)
            throw new RecordFormatException(
                $"there is no room for {type} zones of {each} bytes at 0x{offset:x} of {total}"
            );
        for (int index = 0; index < size / each; index++)
            zones.Add(new BlkZone(type, index, offset + index * each, (int)each));
        return offset + size / each * each;
    }

    private static long Bytes(StoreOptions options, string parameter, long absent)
    {
        // A frontend that is not compiled in has the size -1.
        if (options.Parameters.TryGetValue(parameter, out string? text) && text.StartsWith('-'))
            return 0;
        long given = options.Number(parameter) ?? absent;
        if (given > int.MaxValue / 1024)
            throw new RecordFormatException($"{parameter} is {given} KiB; no zone is as large");
        long bytes = given * 1024;
        // The kernel rounds the number of KiB up as if it were a number of bytes.
        return bytes % 4096 == 0 ? bytes : (given + 4095) / 4096 * 4096;
    }
}
