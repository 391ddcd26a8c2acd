using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle.Exhibits;
using PstoreLab.Harness.Reports;
using PstoreLab.Report.Content;

namespace PstoreLab.Report.Input;

/// <summary>Makes a case of the report of its result, and of its evidence where it did not pass.</summary>
internal sealed class CaseReader(RunResults run, RunRecord? record, RunHistory history)
{
    public ReportCase Read(CaseResult result)
    {
        var read = OfResult(result);
        if (result.Verdict is Verdict.Passed or Verdict.Unsupported || run.FolderOf(result) is not { } folder)
            return read;
        if (!Directory.Exists(folder.Root))
            return read with { EvidenceFault = "the evidence is not there, or no longer" };
        var exhibit = CaseExhibit.Of(folder);
        return read with
        {
            Summary = exhibit.Plan?.Summary,
            Qemu = CaseInputs.QemuOf(folder),
            Systemd = exhibit.Plan is { } plan ? CaseInputs.SystemdOf(plan) : read.Systemd,
            States = exhibit.Cycle is { } cycle
                ? StatesOf(cycle, result.Attempts is [.., var last] ? last : null)
                : read.States,
            Records = [.. exhibit.Records.Select(record => ReportRecord.Of(record, result.Folder))],
            Stores = [.. exhibit.Stores.Select(store => StoreDrawing.Of(store, result.Folder))],
            EvidenceFault = exhibit.Fault,
        };
    }

    private ReportCase OfResult(CaseResult result)
    {
        int end = result.Case.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash
            ? result.Case.IndexOf('/', slash + 1)
            : -1;
        return new ReportCase(
            Anchors.OfCase(result.Case),
            result.Case,
            end < 0 ? result.Case : result.Case[..end],
            VerdictWord.Of(result.Verdict),
            result.Reason,
            result.Dimensions,
            result.Backend,
            result.Accelerator,
            [.. result.Kernels.Select(kernel => new ReportKernel(kernel.Name, kernel.Version, kernel.Release))],
            result.Started,
            result.Seconds,
            [
                .. result.SecondsPerState.Select(state => new ReportState(
                    state.Key.ToLowerInvariant(),
                    0,
                    null,
                    state.Value
                )),
            ],
            [
                .. result.Attempts.Select(attempt => new ReportAttempt(
                    VerdictWord.Of(attempt.Verdict),
                    attempt.Reason,
                    attempt.Seconds,
                    attempt.Folder
                )),
            ],
            [
                .. result.Findings.Select(finding => new ReportFinding(
                    finding.Held,
                    finding.Layer,
                    finding.Text,
                    ShortSource(finding.Source)
                )),
            ],
            result.Folder,
            Repeat.Command(record, result),
            history.OfCase(result)
        )
        {
            Bug = result.Verdict == Verdict.Known ? result.Reason : null,
        };
    }

    private static IReadOnlyList<ReportState> StatesOf(CycleLog cycle, Attempt? attempt)
    {
        var states = new List<ReportState>();
        int boot = 0;
        for (int i = 0; i < cycle.Transitions.Count; i++)
        {
            var (state, at) = (cycle.Transitions[i].State, cycle.Transitions[i].At);
            double end =
                i + 1 < cycle.Transitions.Count
                    ? cycle.Transitions[i + 1].At
                    : Math.Max(at, cycle.Fault is null ? at : attempt?.Seconds ?? at);
            // What stands for a boot is looked for before it.
            bool isSought = i > 0 && cycle.Transitions[i - 1].State == Harness.Plans.CycleState.Restoring;
            if (state == Harness.Plans.CycleState.Restoring || (state == Harness.Plans.CycleState.Booting && !isSought))
                boot++;
            states.Add(new ReportState(StateWord(state), boot, at, Math.Round(Math.Max(0, end - at), 4)));
        }

        return states;
    }

    private static string StateWord(Harness.Plans.CycleState state) => state.ToString().ToLowerInvariant();

    // Where the checkout lies is nobody's concern.
    private static string ShortSource(string source) =>
        source.LastIndexOf("/scenarios/", StringComparison.Ordinal) is >= 0 and var at ? source[(at + 1)..] : source;
}
