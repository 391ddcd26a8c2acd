using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Input;

/// <summary>Verdicts as all reports spell them.</summary>
internal static class VerdictWord
{
    public static string Of(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
