using System.Text.Json.Serialization;

namespace PstoreLab.Report.Content;

/// <summary>A case of the run.</summary>
/// <param name="Anchor">Its id in <c>report.html</c>, the same in each run.</param>
/// <param name="Scenario">As <c>family/scenario</c>.</param>
/// <param name="Reason">Why it did not pass; empty where it did.</param>
/// <param name="Dimensions">The cell of the matrix.</param>
/// <param name="Seconds">Wall time of all attempts.</param>
/// <param name="States">The crash cycle, state by state; empty where that is not known.</param>
/// <param name="Folder">The evidence, relative to the run.</param>
/// <param name="Command">What repeats the case.</param>
public sealed record ReportCase(
    string Anchor,
    string Case,
    string Scenario,
    string Verdict,
    string Reason,
    IReadOnlyDictionary<string, string> Dimensions,
    string Backend,
    string Accelerator,
    IReadOnlyList<ReportKernel> Kernels,
    DateTimeOffset Started,
    double Seconds,
    IReadOnlyList<ReportState> States,
    IReadOnlyList<ReportAttempt> Attempts,
    IReadOnlyList<ReportFinding> Findings,
    string Folder,
    string Command,
    ReportHistory History
)
{
    /// <summary>What the scenario shows, in its own words; null where the plan is not known.</summary>
    public string? Summary { get; init; }

    /// <summary>The version that QEMU named; null where that is not known.</summary>
    public string? Qemu { get; init; }

    /// <summary>Versions of systemd in the guests, by the name of the guest.</summary>
    public IReadOnlyDictionary<string, string> Systemd { get; init; } = new Dictionary<string, string>();

    /// <summary>The catalogued bug that it showed; null for none.</summary>
    public string? Bug { get; init; }

    /// <summary>Records beside the console; of a case that did not pass.</summary>
    public IReadOnlyList<ReportRecord> Records { get; init; } = [];

    /// <summary>The store, moment by moment; of a case that did not pass.</summary>
    public IReadOnlyList<ReportStore> Stores { get; init; } = [];

    /// <summary>What of the evidence could not be shown, and why; null where all could.</summary>
    public string? EvidenceFault { get; init; }

    /// <summary>Whether it passed, or showed what was expected.</summary>
    [JsonIgnore]
    public bool IsGood => Verdict is "passed" or "known";

    /// <summary>Whether somebody must look at it.</summary>
    [JsonIgnore]
    public bool IsBad => Verdict is "failed" or "internal" or "error" or "infra";
}

/// <summary>A state of the crash cycle.</summary>
/// <param name="Boot">The boot that it belongs to; 0 before the first.</param>
/// <param name="At">Seconds since the cycle began; null where only the sum is known.</param>
public sealed record ReportState(string State, int Boot, double? At, double Seconds);

/// <summary>A try at a case.</summary>
public sealed record ReportAttempt(string Verdict, string Reason, double Seconds, string Folder);

/// <summary>A check, and what was found.</summary>
/// <param name="Source">The line of the scenario that asked for it.</param>
public sealed record ReportFinding(bool Held, string Layer, string Text, string Source);
