namespace PstoreLab.Report.Content;

/// <summary>All that a report says; <c>report.json</c> is this, and <c>report.html</c> shows it.</summary>
/// <param name="Format">Number of the format of <c>report.json</c>.</param>
/// <param name="Run">Name of the run's folder.</param>
/// <param name="Started">When its first case began.</param>
/// <param name="Ended">When its last case ended.</param>
/// <param name="Counts">Cases by verdict, the worst first.</param>
/// <param name="Accelerators">What ran the guests.</param>
/// <param name="Qemu">Versions of QEMU, as they named themselves.</param>
/// <param name="Kernels">Kernels that cases booted.</param>
/// <param name="Runs">The runs of the history, the oldest first, this one last.</param>
/// <param name="Groups">Cases by cause, bug or scenario, what failed first.</param>
/// <param name="Bugs">Known bugs that cases of this run showed.</param>
/// <param name="Cases">Every case, once.</param>
public sealed record ReportContent(
    int Format,
    string Run,
    DateTimeOffset Started,
    DateTimeOffset Ended,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyList<string> Accelerators,
    IReadOnlyList<string> Qemu,
    IReadOnlyList<ReportKernel> Kernels,
    IReadOnlyList<ReportRun> Runs,
    IReadOnlyList<ReportGroup> Groups,
    IReadOnlyList<ReportBug> Bugs,
    IReadOnlyList<ReportCase> Cases
)
{
    /// <summary>The number of the format of <c>report.json</c> that this PstoreLab writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>What could not be read, each as a sentence.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>A kernel that cases booted.</summary>
/// <param name="Version">Of its package.</param>
/// <param name="Release">What <c>uname -r</c> says.</param>
public sealed record ReportKernel(string Name, string Version, string Release);

/// <summary>A run of the history.</summary>
/// <param name="Name">Name of its folder.</param>
public sealed record ReportRun(string Name, DateTimeOffset Started, IReadOnlyDictionary<string, int> Counts);

/// <summary>Cases that have one cause.</summary>
/// <param name="Anchor">Its id in <c>report.html</c>, the same in each run that has it.</param>
/// <param name="Verdict">Of all of its cases.</param>
/// <param name="Title">The cause in a sentence; of what passed, the scenario.</param>
/// <param name="Cases">Ids of its cases.</param>
public sealed record ReportGroup(string Anchor, string Verdict, string Title, IReadOnlyList<string> Cases);

/// <summary>A bug of the catalogue that cases showed.</summary>
/// <param name="Component">What has it; like the next, empty where the catalogue is not at hand.</param>
/// <param name="Lost">What is lost by it, and what is not; null where the catalogue does not say it.</param>
/// <param name="Cases">Ids of the cases that showed it.</param>
public sealed record ReportBug(
    string Anchor,
    string Name,
    string Component,
    string Affected,
    string Cause,
    string? Lost,
    string Remedy,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Cases
);
