using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// <c>kernel.json</c>, written last into a kernel's folder: without it, or where it does not hold, the folder is not
/// trusted.
/// </summary>
/// <param name="Format">Grows when the layout changes, which makes older folders be built anew.</param>
/// <param name="Wanted">The modules that were looked for, found or not; <see cref="Everything"/> alone where it has all
/// there are.</param>
/// <param name="Files">Path inside the folder to size in bytes.</param>
internal sealed record KernelManifest(
    int Format,
    string Version,
    string Release,
    IReadOnlyList<string> Wanted,
    IReadOnlyDictionary<string, long> Files
)
{
    public const int CurrentFormat = 1;

    /// <summary>Stands for every module there is.</summary>
    public const string Everything = "*";

    /// <summary>Whether all of these modules are there, as far as the kernel has them.</summary>
    public bool LookedFor(IEnumerable<string> modules) => Wanted.Contains(Everything) || !modules.Except(Wanted).Any();
}

/// <summary><c>resolved.json</c>: what a catalogue entry stands for until somebody asks to look again.</summary>
/// <param name="Suite">The entry's suite, and</param>
/// <param name="Pattern">its pattern then: an entry that was edited since is resolved anew.</param>
internal sealed record ResolvedKernel(string Suite, string Pattern, string Package, string Version)
{
    public bool Answers(KernelEntry entry) => Suite == entry.Suite && Pattern == entry.Package.ToString();
}

// Generated rather than reflected: reading a manifest is on the way of every run's first guest.
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(KernelManifest))]
[JsonSerializable(typeof(ResolvedKernel))]
internal sealed partial class KernelJson : JsonSerializerContext;
