using System.Text.Json.Serialization;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Plans;

/// <summary>One boot of a case: which kernel, how it is set up, and all that is done until the next boot.</summary>
/// <param name="Kernel">Name of the kernel that boots.</param>
/// <param name="Parameters">Every kernel and module parameter that is set, wherever it goes: the store is decoded by
/// them.</param>
/// <param name="Cpus">Processors of the machine.</param>
/// <param name="Steps">What is done, in order; the first one is the boot itself, <see cref="PowerOn"/> or
/// <see cref="WarmBoot"/>.</param>
public sealed record PlannedBoot(
    BootNumber Number,
    string Kernel,
    IReadOnlyDictionary<string, string> Parameters,
    int Cpus,
    IReadOnlyList<PlanStep> Steps
)
{
    /// <summary>Whether no boot before has had the store.</summary>
    [JsonIgnore]
    public bool IsFirst => Number.Value == 1;

    /// <summary>Whether it begins in the QEMU process of the boot before.</summary>
    [JsonIgnore]
    public bool IsWarm => Steps[0] is WarmBoot;

    /// <summary>
    /// Whether <c>/sys/fs/pstore</c> shows, while this boot still runs, the records that it has left itself:
    /// <c>pstore_timefunc</c> in fs/pstore/platform.c, 5.10 to 7.2, reads the store again some time after an oops where
    /// <c>pstore.update_ms</c> is above 0.
    /// </summary>
    [JsonIgnore]
    public bool ShowsItsOwn =>
        Parameters.GetValueOrDefault("pstore.update_ms") is { Length: > 0 } value && value[0] != '-' && value != "0";
}
