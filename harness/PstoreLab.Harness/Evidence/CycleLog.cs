using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Evidence;

/// <summary>What happened to the guest, for a judge who was not there.</summary>
/// <param name="Ending">How the cycle ended.</param>
/// <param name="Reason">Why it did not end well; null when it did.</param>
/// <param name="Boots">Boots that came up, in order.</param>
/// <param name="Transitions">Every change of state.</param>
public sealed record CycleLog(
    CycleEnding Ending,
    string? Reason,
    IReadOnlyList<ObservedBoot> Boots,
    IReadOnlyList<Transition> Transitions
)
{
    /// <summary>How the kernel under test failed; null where the cycle ended otherwise.</summary>
    public GuestFault? Fault { get; init; }

    /// <summary>Whether the evidence was sealed at the end of the attempt. See <see cref="EvidenceSeal"/>.</summary>
    public bool IsSealed { get; init; }

    /// <summary>The backend that was registered at each inspection, by its number; null for none.</summary>
    public IReadOnlyDictionary<InspectionNumber, string?> BackendAt { get; init; } =
        new Dictionary<InspectionNumber, string?>();

    /// <summary>
    /// Whether the store had begun to change when the power was cut, by the number of the crash; of the cuts whose
    /// point counts from there.
    /// </summary>
    public IReadOnlyDictionary<CrashNumber, bool> StoreBegun { get; init; } = new Dictionary<CrashNumber, bool>();

    /// <summary>Seconds spent in each state, by its name.</summary>
    public IReadOnlyDictionary<string, double> SecondsPerState() =>
        Transitions
            .Zip(Transitions.Skip(1))
            .GroupBy(pair => pair.First.State)
            .ToDictionary(
                group => group.Key.ToString(),
                group => Math.Round(group.Sum(pair => pair.Second.At - pair.First.At), 3)
            );
}

/// <summary>A boot as the guest itself described it.</summary>
/// <param name="Release">What <c>uname -r</c> said.</param>
/// <param name="Backend">The name pstore's backend is registered under (<c>/sys/module/pstore/parameters/backend</c>);
/// null for none.</param>
public sealed record ObservedBoot(BootNumber Number, string Kernel, string Release, string? Backend)
{
    /// <summary>Whether a checkpoint stood for the boot up to the agent's first word.</summary>
    public bool IsRestored { get; init; }
}

/// <summary>The cycle entered a state.</summary>
/// <param name="At">Seconds since the cycle began.</param>
public sealed record Transition(CycleState State, double At);

/// <summary>How a cycle ended.</summary>
public enum CycleEnding
{
    /// <summary>Every step was carried out; the oracle has the word.</summary>
    Completed,

    /// <summary>A kernel under test failed at a step. See <see cref="CycleLog.Fault"/>.</summary>
    Product,

    /// <summary>Something that is not under test got in the way.</summary>
    Infra,
}
