namespace PstoreLab.Report.Content;

/// <summary>A case over the runs of a folder.</summary>
/// <param name="Verdicts">The oldest first, this run's last.</param>
/// <param name="LastGood">The last run before in which it was good while it is not now; null for none.</param>
/// <param name="Changes">What differs from the run it is compared with, each as a sentence.</param>
/// <param name="SameInputs">Runs with the kernels, QEMU, systemd, accelerator and scenario of this one, this one
/// included.</param>
/// <param name="Flaky">How many of those had another verdict than now, or an attempt that ended otherwise.</param>
public sealed record ReportHistory(
    IReadOnlyList<PastVerdict> Verdicts,
    string? LastGood,
    IReadOnlyList<string> Changes,
    int SameInputs,
    int Flaky
);

/// <summary>What came of a case in a run.</summary>
/// <param name="Retried">Whether an attempt before ended otherwise.</param>
public sealed record PastVerdict(string Run, string Verdict, bool Retried);
