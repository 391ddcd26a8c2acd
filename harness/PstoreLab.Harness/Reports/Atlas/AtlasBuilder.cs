using System.Text.RegularExpressions;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>Makes an atlas from runs.</summary>
public static partial class AtlasBuilder
{
    /// <summary>
    /// Puts the runs together, the newer result of a case in place of the older one, and reads the evidence of each.
    /// </summary>
    /// <param name="from">The folder that the atlas will lie in: paths of the evidence are relative to it.</param>
    /// <exception cref="UsageException">A run's evidence is damaged; names the file.</exception>
    public static AtlasContent Draw(IReadOnlyList<RunResults> runs, string from)
    {
        var newest = runs.SelectMany(run => run.Results.Select(result => (Run: run, Result: result)))
            .GroupBy(one => one.Result.Case)
            .Select(same => same.Aggregate((best, one) => one.Result.Started >= best.Result.Started ? one : best))
            .ToList();
        var used = newest.CountBy(one => one.Run).ToDictionary();
        return Draw(
            [
                .. runs.Select(run => new AtlasRun(
                    run.Label,
                    Path.GetRelativePath(from, run.Root) + "/",
                    run.Results.Count,
                    used.GetValueOrDefault(run)
                )),
            ],
            [.. newest.Select(one => AtlasEntry.Of(one.Run, one.Result, from))]
        );
    }

    /// <summary>The same from cases that were read already.</summary>
    internal static AtlasContent Draw(IReadOnlyList<AtlasRun> runs, IReadOnlyList<AtlasEntry> cases)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        AtlasMap[] maps =
        [
            .. cases
                .Where(one => one.Place is not null)
                .GroupBy(one => (one.Place!.Backend, one.Place.Compressor))
                .OrderBy(map => map.Key.Backend, StringComparer.Ordinal)
                .ThenBy(map => map.Key.Compressor != CellPlace.DefaultCompressor)
                .ThenBy(map => map.Key.Compressor, StringComparer.Ordinal)
                .Select(map => Map(map.Key.Backend, map.Key.Compressor, [.. map], ids)),
        ];
        var releases = cases
            .SelectMany(one => one.Case.Kernels)
            .ToLookup(kernel => kernel.Name, kernel => $"{kernel.Release} ({kernel.Version})");
        return new AtlasContent(
            Format: 1,
            CellVerdict.Order,
            runs,
            CellVerdict.Count(maps.SelectMany(map => map.Cells).Select(cell => cell.Verdict)),
            CellVerdict.Count(cases.Select(one => one.Case.Verdict)),
            [
                .. KernelLabel
                    .Sort(maps.SelectMany(map => map.Writers.Concat(map.Readers)))
                    .Select(name => new AtlasKernel(
                        name,
                        [.. releases[name].Distinct().Order(StringComparer.Ordinal)]
                    )),
            ],
            maps,
            [.. Sorted(cases.Where(one => one.Place is null))]
        );
    }

    private static AtlasMap Map(string backend, string compressor, IReadOnlyList<AtlasEntry> cases, HashSet<string> ids)
    {
        var writers = KernelLabel.Sort(cases.Select(one => one.Place!.Writer));
        var readers = KernelLabel.Sort(cases.Select(one => one.Place!.Reader));
        var cells = cases.ToLookup(one => (one.Place!.Writer, one.Place.Reader));
        return new AtlasMap(
            backend,
            compressor,
            writers,
            readers,
            [
                .. from writer in writers
                from reader in readers
                let cell = cells[(writer, reader)]
                where cell.Any()
                select new AtlasCell(
                    Id(ids, $"{backend}-{compressor}-{writer}-{reader}"),
                    writer,
                    reader,
                    CellVerdict.Worst(cell.Select(one => one.Case.Verdict)),
                    [.. Sorted(cell)]
                ),
            ]
        );
    }

    private static IEnumerable<AtlasCase> Sorted(IEnumerable<AtlasEntry> cases) =>
        cases
            .Select(one => one.Case)
            .OrderBy(one => CellVerdict.Rank(one.Verdict))
            .ThenBy(one => one.Case, StringComparer.Ordinal);

    // An address that can be sent to somebody, so it is made of names and not counted; letters that an address may not
    // have could make two the same.
    private static string Id(HashSet<string> ids, string name)
    {
        string stem = NoAddress().Replace(name, "_");
        string id = stem;
        for (int number = 2; !ids.Add(id); number++)
            id = $"{stem}+{number}";
        return id;
    }

    [GeneratedRegex(@"[^A-Za-z0-9._-]")]
    private static partial Regex NoAddress();
}
