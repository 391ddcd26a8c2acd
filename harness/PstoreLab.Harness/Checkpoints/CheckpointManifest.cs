using System.Text.Json;
using System.Text.Json.Serialization;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Checkpoints;

/// <summary>What is known of a checkpoint; written last, so that one without it is half made.</summary>
/// <param name="What">The boot that it stands for, for people.</param>
/// <param name="TouchesStores">See <see cref="Checkpoint.TouchesStores"/>.</param>
/// <param name="Registers">See <see cref="Checkpoint.Registers"/>.</param>
/// <param name="Room">What it takes on the disk, in bytes.</param>
/// <param name="Files">Names to sizes in bytes.</param>
internal sealed record CheckpointManifest(
    string What,
    long Room,
    bool TouchesStores,
    IReadOnlyList<PciRegister> Registers,
    IReadOnlyDictionary<string, long> Files
)
{
    private const string FileName = "checkpoint.json";

    /// <summary>See <see cref="Checkpoint.Variables"/>.</summary>
    public FirmwareVariables? Variables { get; init; }

    /// <summary>That of a folder; null where it is not whole.</summary>
    public static CheckpointManifest? Read(string folder)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(
                File.ReadAllText(Path.Combine(folder, FileName)),
                CheckpointJson.Default.CheckpointManifest
            );
            return
                manifest?.Files is { } files
                && manifest.Registers is not null
                && files.All(file =>
                    new FileInfo(Path.Combine(folder, file.Key)) is { Exists: true } info && info.Length == file.Value
                )
                ? manifest
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, FileName),
            JsonSerializer.Serialize(this, CheckpointJson.Default.CheckpointManifest) + "\n"
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
