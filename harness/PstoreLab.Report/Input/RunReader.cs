using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Report.Content;

namespace PstoreLab.Report.Input;

/// <summary>Reads the folder of a run.</summary>
public static class RunReader
{
    /// <param name="run">Its results.</param>
    /// <param name="bugs">The catalogue; empty where it is not at hand.</param>
    /// <exception cref="Harness.Faults.EvidenceException">What the run says of itself is damaged.</exception>
    public static ReportContent Read(RunResults run, IReadOnlyList<Bug> bugs)
    {
        var history = RunHistory.Of(run);
        var record = RunRecord.Read(run.Root);
        var reader = new CaseReader(run, record, history);
        // A case that is there twice was run again in the same folder: the last one counts.
        ReportCase[] cases =
        [
            .. run
                .Results.GroupBy(result => result.Case)
                .Select(same => same.Last())
                .AsParallel()
                .AsOrdered()
                .Select(reader.Read),
        ];
        return new ReportContent(
            ReportContent.CurrentFormat,
            Path.GetFileName(run.Root),
            cases.Min(one => one.Started),
            cases.Max(one => one.Started.AddSeconds(one.Seconds)),
            Causes.Count(cases.Select(one => one.Verdict)),
            [.. cases.Where(one => one.Kernels.Count > 0).Select(one => one.Accelerator).Distinct()],
            [.. cases.Select(one => one.Qemu).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            [
                .. cases
                    .SelectMany(one => one.Kernels)
                    .Distinct()
                    .OrderBy(kernel => kernel.Name, StringComparer.Ordinal)
                    .ThenBy(kernel => kernel.Version, StringComparer.Ordinal),
            ],
            history.Runs,
            Causes.Of(cases),
            BugsOf(cases, bugs),
            cases
        )
        {
            Notices =
            [
                .. run.Notice is { } notice ? [notice] : Array.Empty<string>(),
                .. NotRun(record?.Without(cases.Select(one => one.Case)) ?? []),
            ],
        };
    }

    // What was not run has not failed, and a page without it would look whole.
    private static IEnumerable<string> NotRun(IReadOnlyList<NotRun> left) =>
        left.GroupBy(one => one.Why)
            .Select(group =>
                $"{(group.Count() == 1 ? "1 case was" : $"{group.Count()} cases were")} not run: {group.Key}"
            );

    private static IReadOnlyList<ReportBug> BugsOf(IReadOnlyList<ReportCase> cases, IReadOnlyList<Bug> bugs) =>
        [
            .. cases
                .Where(one => one.Bug is not null)
                .GroupBy(one => one.Bug!)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group =>
                {
                    var bug = bugs.FirstOrDefault(known => known.Name == group.Key);
                    return new ReportBug(
                        Anchors.OfBug(group.Key),
                        group.Key,
                        bug?.Component ?? "",
                        bug?.Affected ?? "",
                        bug?.Cause ?? "",
                        bug?.Lost,
                        bug?.Remedy ?? "",
                        bug?.Reference ?? [],
                        [.. group.Select(one => one.Case)]
                    );
                }),
        ];
}
