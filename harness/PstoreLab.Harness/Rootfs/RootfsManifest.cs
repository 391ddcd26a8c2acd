using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// <c>rootfs.json</c>, written last into the folder of a root file system: without it, or where it does not hold, the
/// folder is not trusted.
/// </summary>
/// <param name="Bytes">Size of the disk's file.</param>
/// <param name="Packages">Name to version of all that is installed.</param>
internal sealed record RootfsManifest(long Bytes, IReadOnlyDictionary<string, string> Packages);

/// <summary>
/// <c>resolved.json</c>: which folder a catalogue entry stands for until somebody asks to look again.
/// </summary>
/// <param name="Recipe">Digest of all that it was made with then, beside the packages.</param>
internal sealed record ResolvedRootfs(string Recipe, string Folder);

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(RootfsManifest))]
[JsonSerializable(typeof(ResolvedRootfs))]
internal sealed partial class RootfsJson : JsonSerializerContext;
