using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// One version of a kernel on disk: <c>vmlinuz</c>, <c>vmlinux</c>, <c>config</c>, <c>modules/*.ko</c> and, last,
/// <c>kernel.json</c>.
/// </summary>
internal static class KernelFolder
{
    public const string BzImage = "vmlinuz";
    public const string Vmlinux = "vmlinux";
    public const string Config = "config";
    public const string Modules = "modules";
    public const string Manifest = "kernel.json";

    /// <summary>
    /// The kernel in a folder, or null when it is not whole or was made without looking for all of these modules.
    /// </summary>
    public static Kernel? Open(string name, string folder, IEnumerable<string> wanted)
    {
        if (
            ReadJson(Path.Combine(folder, Manifest), KernelJson.Default.KernelManifest) is not { } manifest
            || manifest.Format != KernelManifest.CurrentFormat
            || !manifest.LookedFor(wanted)
            || manifest.Files.Any(file =>
                new FileInfo(Path.Combine(folder, file.Key)) is not { Exists: true } info || info.Length != file.Value
            )
        )
        {
            return null;
        }
        return new Kernel(
            name,
            manifest.Version,
            manifest.Release,
            Path.Combine(folder, BzImage),
            Path.Combine(folder, Vmlinux),
            manifest.Files.ContainsKey(Config) ? Path.Combine(folder, Config) : null,
            manifest
                .Files.Keys.Where(file => file.StartsWith(Modules + "/", StringComparison.Ordinal))
                .ToDictionary(ModuleInfo.NameOf, file => Path.Combine(folder, file))
        );
    }

    /// <summary>The version of the kernel in a folder; null when it is not whole.</summary>
    public static string? VersionOf(string folder) =>
        ReadJson(Path.Combine(folder, Manifest), KernelJson.Default.KernelManifest)?.Version;

    /// <summary>Writes the manifest of a folder that has everything else.</summary>
    /// <exception cref="InfraException">The version or the release is no word.</exception>
    public static void Seal(string folder, string version, string release, IReadOnlyList<string> wanted)
    {
        KernelRelease.Require(version, folder);
        KernelRelease.Require(release, folder);
        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        files.ForEach(Temporary.FlushToDisk);
        // Each case has a link to them: an editor must not change them for all cases to come.
        files.ForEach(file =>
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
        );
        var manifest = new KernelManifest(
            KernelManifest.CurrentFormat,
            version,
            release,
            [.. wanted.Order(StringComparer.Ordinal)],
            files.ToDictionary(file => Path.GetRelativePath(folder, file), file => new FileInfo(file).Length)
        );
        WriteJson(Path.Combine(folder, Manifest), manifest, KernelJson.Default.KernelManifest);
    }

    /// <summary>Moves a sealed folder to where it is looked for.</summary>
    public static void Publish(string built, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(built, target);
            return;
        }
        // The same version with other modules, or a damaged one: file by file, the manifest last, so that a guest that
        // boots from it at this moment keeps what it has open.
        foreach (
            var file in Directory
                .EnumerateFiles(built, "*", SearchOption.AllDirectories)
                .OrderBy(file => Path.GetFileName(file) == Manifest)
        )
        {
            var place = Path.Combine(target, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Move(file, place, overwrite: true);
        }
    }

    /// <summary>Reads a JSON file; null when it is not there or does not hold what it should.</summary>
    public static T? ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a JSON file whole.</summary>
    public static void WriteJson<T>(string path, T value, JsonTypeInfo<T> type) =>
        Temporary.WriteWhole(path, JsonSerializer.Serialize(value, type) + "\n");
}
