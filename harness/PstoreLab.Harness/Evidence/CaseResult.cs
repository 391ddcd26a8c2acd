using System.Text.Json.Serialization;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>Where a case went wrong or right, one check at a time.</summary>
/// <param name="Held">Whether the check held.</param>
/// <param name="Layer">Which layer it speaks of: <c>console</c>; <c>store</c>, what the writer left; <c>pstorefs</c>,
/// what the reader shows; <c>archive</c> and <c>journal</c>, what systemd-pstore made of it; <c>vmcore</c>, what a
/// capture kernel (crash kernel) found; <c>guest</c>, what a command there did; <c>known</c>, what the user says of it;
/// <c>cycle</c>.</param>
/// <param name="Text">What was expected and what was found, for a person.</param>
/// <param name="Source">The line of the scenario that asked for it.</param>
public sealed record Finding(bool Held, string Layer, string Text, string Source)
{
    /// <summary>
    /// Whether one that does not hold is no fault of the product: the evidence cannot tell.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOurs { get; init; }

    /// <summary>The first line that differs; null where that is not what does not hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LineDifference? Line { get; init; }
}

/// <summary>The seven verdicts there are.</summary>
public enum Verdict
{
    /// <summary>Every expectation held.</summary>
    Passed,

    /// <summary>The product under test broke an expectation.</summary>
    Failed,

    /// <summary>It failed exactly as a catalogued bug says it does on this version.</summary>
    Known,

    /// <summary>This kernel, its configuration or this machine cannot run the case.</summary>
    Unsupported,

    /// <summary>QEMU, the host, an image or an unplanned oops got in the way, at every attempt.</summary>
    Infra,

    /// <summary>The scenario or the command line is wrong.</summary>
    Error,

    /// <summary>The harness itself: an exception that nobody expected.</summary>
    Internal,
}

/// <summary>What came of one case: a line of <c>results.jsonl</c>.</summary>
/// <param name="Reason">One sentence: why it is not <c>passed</c>; empty where it is.</param>
/// <param name="Nonces">The nonce of every crash, in order.</param>
/// <param name="Started">When the first attempt began.</param>
/// <param name="Seconds">Wall time of all attempts, without the wait for a place to run.</param>
/// <param name="SecondsPerState">Of the last attempt.</param>
/// <param name="Attempts">Every attempt, the last one being the result.</param>
/// <param name="Folder">The case folder, relative to the run.</param>
public sealed record CaseResult(
    string Case,
    Verdict Verdict,
    string Reason,
    IReadOnlyDictionary<string, string> Dimensions,
    string Backend,
    string Accelerator,
    IReadOnlyList<PlannedKernel> Kernels,
    IReadOnlyList<string> Nonces,
    DateTimeOffset Started,
    double Seconds,
    IReadOnlyDictionary<string, double> SecondsPerState,
    IReadOnlyList<Attempt> Attempts,
    IReadOnlyList<Finding> Findings,
    string Folder
)
{
    /// <summary>Kernel parameters that the user added to those of every boot; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Appended { get; init; }

    /// <summary>Whether the case was run both ways, with restored and with fresh boots, and compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsChecked { get; init; }
}

/// <summary>One try at a case.</summary>
/// <param name="Folder">Where its evidence lies, relative to the run.</param>
public sealed record Attempt(Verdict Verdict, string Reason, double Seconds, string Folder);
