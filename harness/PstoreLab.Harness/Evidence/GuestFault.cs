using System.Text.Json.Serialization;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>How a kernel under test failed at a step.</summary>
/// <param name="Boot">The boot in which it failed.</param>
/// <param name="Step">Number of the step of that boot, from 1.</param>
/// <param name="Message">What happened, in a sentence.</param>
/// <param name="Report">What the kernel printed of it, line by line; none where it said nothing.</param>
/// <param name="InPstore">Whether a function of pstore or of a backend stands in the report.</param>
public sealed record GuestFault(
    GuestFaultKind Kind,
    BootNumber Boot,
    int Step,
    string Message,
    IReadOnlyList<string> Report,
    bool InPstore
)
{
    /// <summary>
    /// Whether it may be chance: emulation has oopses and hangs of its own. pstore's own refusal, a report in which it
    /// stands, and a dump that does not end are no chance.
    /// </summary>
    [JsonIgnore]
    public bool MayBeChance =>
        !InPstore && Kind is (GuestFaultKind.Report or GuestFaultKind.Reset or GuestFaultKind.Hang);

    /// <summary>Whether another attempt failed at the same place in the same way.</summary>
    public bool IsSameAs(GuestFault other) => Kind == other.Kind && Boot == other.Boot && Step == other.Step;
}

/// <summary>What a guest did.</summary>
public enum GuestFaultKind
{
    /// <summary>Its agent said that the kernel could not do it.</summary>
    Refused,

    /// <summary>Its kernel printed an oops, a panic or a lock-up.</summary>
    Report,

    /// <summary>It reset by itself and said nothing.</summary>
    Reset,

    /// <summary>It did not answer in time.</summary>
    Hang,

    /// <summary>It began to die and did not come to an end.</summary>
    Unfinished,

    /// <summary>It answered with more than any store holds.</summary>
    Endless,
}
