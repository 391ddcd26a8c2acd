using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>A systemd guest of one boot.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Disk">The disk that this boot writes to, made when it begins; like the next, relative to the case
/// folder.</param>
/// <param name="Under">The disk under it: that of the boot before of the same guest, or the one of the catalogue, a
/// <see cref="StagedFile"/>.</param>
/// <param name="UnderFormat">QEMU's word for the format of <paramref name="Under"/>.</param>
/// <param name="Files">Absolute path to content of the files that are written to the disk before systemd
/// starts.</param>
public sealed record PlannedSystemd(
    string Name,
    string? SystemdVersion,
    string Disk,
    string Under,
    string UnderFormat,
    string Seed,
    IReadOnlyDictionary<string, string> Files
)
{
    /// <summary>What the user has put into the guest besides; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PlannedOwnFile>? OwnFiles { get; init; }
}
