using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Runs;

/// <summary>One attempt at a case, done.</summary>
internal sealed record Tried(Judgement Judgement, Plan? Plan = null, CycleLog? Cycle = null)
{
    /// <summary>A fault of the guest that may be chance, and is in no catalogue; null for none.</summary>
    public GuestFault? Chance =>
        Judgement.Verdict == Verdict.Failed && Cycle?.Fault is { MayBeChance: true } fault ? fault : null;

    /// <summary>Whether it continued with the store of the attempt before.</summary>
    public bool IsRepetition { get; init; }

    /// <summary>Whether it shows, with fresh boots, if a failure was that of the product.</summary>
    public bool IsConfirmation { get; init; }
}
