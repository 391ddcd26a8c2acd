using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    public const int Passed = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Infra = 3;
    public const int Internal = 4;

    /// <summary>Nothing went wrong, for nothing was tried: a gate must not be open for that.</summary>
    public const int NothingTested = 5;

    /// <summary>
    /// Nothing that was run went wrong, and not all that was chosen was run: a time limit, or <c>--fail-fast</c>. A
    /// pipeline may allow that, and it is not green by itself.
    /// </summary>
    public const int NotAllRun = 6;

    public const int Interrupted = 130;

    public static int Of(LabException fault) => fault is UsageException ? Usage : Infra;

    /// <summary>
    /// The worst verdict decides: a broken product, then a broken harness, a broken scenario, a broken machine. Where
    /// every case is unsupported, or there is none, nothing was tested.
    /// </summary>
    /// <param name="notRun">How many cases have no verdict.</param>
    public static int Of(IReadOnlyCollection<Verdict> verdicts, int notRun = 0) =>
        verdicts.Contains(Verdict.Failed) ? Failed
        : verdicts.Contains(Verdict.Internal) ? Internal
        : verdicts.Contains(Verdict.Error) ? Usage
        : verdicts.Contains(Verdict.Infra) ? Infra
        : notRun > 0 ? NotAllRun
        : verdicts.All(verdict => verdict == Verdict.Unsupported) ? NothingTested
        : Passed;
}
