using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Infers the version and the CPUs of the writer from the ftrace zones: their signature has the version, and their
/// number is the number of CPUs. The division depends on both.
/// </summary>
internal static class WriterInference
{
    /// <summary>Completes options by the kernel and the CPUs, where they are absent and there is ftrace.</summary>
    /// <exception cref="RecordFormatException">A kernel refuses these parameters.</exception>
    public static StoreOptions Complete(ReadOnlySpan<byte> image, StoreOptions options)
    {
        var layout = RamoopsLayout.From(options, image.Length);
        if (layout.FtraceSize == 0 || (options.Kernel is not null && options.Cpus is not null))
            return options;
        var map = new HeaderMap(image, layout.BigEndian);
        foreach (bool pmsgFirst in (ReadOnlySpan<bool>)[true, false])
        {
            if (options.Kernel is not null && layout.PmsgFirst != pmsgFirst)
                continue;
            long at = (layout.PmsgFirst, pmsgFirst) switch
            {
                (true, false) => First(layout, RecordType.Pmsg) ?? First(layout, RecordType.Ftrace) ?? long.MaxValue,
                (false, true) => (First(layout, RecordType.Ftrace) ?? long.MaxValue) + layout.PmsgSize,
                _ => First(layout, RecordType.Ftrace) ?? long.MaxValue,
            };
            if (at > image.Length || map.Ftrace(at) is not { } kernel)
                continue;
            if (
                options.Kernel is null
                && (layout.PmsgSize == 0 || kernel >= RamoopsLayout.PmsgBeforeFtrace == pmsgFirst)
            )
                options = options with { Kernel = kernel };
            return options.Cpus is null ? options with { Cpus = Cpus(map, layout, (int)at) } : options;
        }
        return options;
    }

    private static int Cpus(HeaderMap map, RamoopsLayout layout, int at)
    {
        uint signature = map.Header(at).Signature;
        int next = map.Next(at + ZoneHeader.Size, signature);
        if (next < 0 || next - at > layout.FtraceSize)
            return 1;
        int size = next - at;
        // Several numbers of zones may have the same even size.
        for (long cpus = layout.FtraceSize / size; cpus > 1; cpus--)
        {
            if ((layout.FtraceSize / cpus & ~1L) != size)
                break;
            int last = (int)(at + (cpus - 1) * size);
            if (map.Next(last, signature) == last)
                return (int)cpus;
        }
        return 1;
    }

    private static long? First(RamoopsLayout layout, string type)
    {
        foreach (var zone in layout.Zones)
        {
            if (zone.Type == type)
                return zone.Offset;
        }
        return null;
    }
}
