using System.Text.Json.Serialization;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Plans;

/// <summary>How a boot comes to the agent's first word: by a checkpoint of just that, or all the way.</summary>
/// <param name="Memory">The machine's memory, as a checkpoint keeps it; null where the boot must be a real one.</param>
/// <param name="Reason">Why, in a clause.</param>
public sealed record PlannedStart(GuestMemory? Memory, string Reason)
{
    /// <summary>
    /// Whether the firmware of the checkpoint is given the store in place of the copy that it has made of an empty one;
    /// the boot is a real one where firmware would have done more than to copy it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakesVariables { get; init; }

    /// <summary>A boot all the way.</summary>
    public static PlannedStart Fresh(string reason) => new(null, reason);

    /// <summary>A line for <c>explain</c>.</summary>
    public override string ToString() =>
        $"{(Memory is null ? "a fresh boot" : "a checkpoint may stand for it")}: {Reason}";
}
