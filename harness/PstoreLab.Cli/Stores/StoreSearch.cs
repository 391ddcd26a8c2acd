using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// Finds and decodes the stores of a file: the one that it is, or else every ramoops area in it, as in a dump of a
/// machine's memory, and every variable store, as in an image of its flash.
/// </summary>
internal static class StoreSearch
{
    private const int HeadLength = 64 << 10;

    // A store is held in memory as a whole.
    private const long Largest = 1 << 30;

    // A dump of memory is larger than any flash, and searched for areas alone: each search reads all of it.
    private const long LargestFlash = 256 << 20;

    private const string MemorySize = "ramoops.mem_size";

    /// <param name="kind">What it is; null to recognise it by the content.</param>
    /// <param name="here">A store begins where the file stands, and only that one is meant.</param>
    /// <returns>In the order of the file; empty when there is none.</returns>
    /// <exception cref="UsageException">The file cannot be read, or is too large to be a store of this
    /// kind.</exception>
    /// <exception cref="RecordFormatException">It is not of the kind that it is said to be; or the options contradict
    /// it.</exception>
    public static IReadOnlyList<FoundStore> Find(StoreFile file, StoreKind? kind, StoreOptions options, bool here) =>
        file.Reading<IReadOnlyList<FoundStore>>(() =>
        {
            bool divided = DividesRamoops(options);
            var format = Format(file, kind);
            if (format is not null && (format.Kind != RamoopsScan.Kind || divided))
                return [Decode(file, format, options)];
            if (divided)
                throw new UsageException(
                    $"{file.Name}: no store begins at byte {file.Start}. Where the parameters are to be "
                        + "taken for an area somewhere in it, say where with --offset; "
                        + "without --parameter the file is searched for areas"
                );

            bool begins = format is not null && format.Recognises(file.Read(HeadLength), file.Length - file.Start);
            if (begins && (here || file.Length - file.Start <= RamoopsScan.MaxAreaLength))
                return [Decode(file, format!, options)];
            var areas = RamoopsScan
                .DecodeAll(file.Content, options)
                .Select(found => new FoundStore(file.Start + found.Area.Offset, Searched: true, found.Store))
                .ToList();
            return kind is null && file.Content.CanSeek && file.Length - file.Start <= LargestFlash
                ? WithFlash(file, options, areas)
                : areas;
        });

    /// <summary>
    /// With the variable stores of a flash image; or else the device that has no zone at its beginning.
    /// </summary>
    private static IReadOnlyList<FoundStore> WithFlash(StoreFile file, StoreOptions options, List<FoundStore> areas)
    {
        var variables = EfiScan
            .DecodeAll(file.Content, options)
            .Select(found => new FoundStore(file.Start + found.Offset, Searched: true, found.Store));
        List<FoundStore> all = [.. areas.Concat(variables).OrderBy(found => found.Offset)];
        return all.Count == 0 && BlkScan.HasZone(file.Content)
            ? [Decode(file, StoreFormats.Get(BlkScan.Kind), options)]
            : all;
    }

    // What cannot be read twice is too large for any but a dump of memory.
    private static IStoreFormat? Format(StoreFile file, StoreKind? kind)
    {
        if (file.Content.CanSeek)
            return kind is { } given
                ? StoreFormats.Get(given)
                : StoreFormats.Recognise(file.Read(HeadLength), file.Length - file.Start);
        if (kind is not (null or RamoopsScan.Kind))
            throw new UsageException(
                $"{file.Name} is too large, as it cannot be read twice; make a plain file of it first"
            );
        return null;
    }

    private static FoundStore Decode(StoreFile file, IStoreFormat format, StoreOptions options)
    {
        long length = file.Length - file.Start;
        if (format.Kind == RamoopsScan.Kind)
            length = Math.Min(length, options.Number(MemorySize) ?? RamoopsScan.MaxAreaLength);
        if (length > Largest)
            throw new UsageException(
                $"{file.Name} has {length} bytes, and a store is read up to {Largest >> 20} MiB; cut out "
                    + "its part, such as with dd"
            );
        return new FoundStore(file.Start, Searched: false, format.Decode(file.Read(length), options));
    }

    private static bool DividesRamoops(StoreOptions options) =>
        options.Parameters.Keys.Any(name =>
            name.StartsWith("ramoops.", StringComparison.Ordinal) && name.EndsWith("_size", StringComparison.Ordinal)
        );
}
