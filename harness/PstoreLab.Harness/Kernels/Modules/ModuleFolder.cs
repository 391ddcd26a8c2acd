using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels.Modules;

/// <summary>
/// The modules below a folder: <c>/lib/modules/RELEASE</c>, a built tree, or files lying side by side.
/// </summary>
internal sealed class ModuleFolder
{
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly string[] Suffixes = [".ko", ".ko.xz", ".ko.zst", ".ko.gz"];

    private readonly Dictionary<string, FileInfo> _files = new(StringComparer.Ordinal);

    public ModuleFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.ko*", Everywhere).Order(StringComparer.Ordinal))
        {
            if (Suffixes.Any(suffix => file.EndsWith(suffix, StringComparison.Ordinal)))
                _files.TryAdd(ModuleInfo.NameOf(file), new FileInfo(file));
        }
    }

    /// <summary>Tells one state of the folder from another without reading all of it.</summary>
    public IEnumerable<string> Traces =>
        _files.Values.Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");

    /// <summary>
    /// Puts the wanted modules that there are, and all they depend on, uncompressed into another folder.
    /// </summary>
    public async Task TakeAsync(
        IProcessRunner runner,
        IReadOnlyList<string> wanted,
        string target,
        CancellationToken cancellationToken
    )
    {
        var decompressor = new Decompressor(runner);
        using var packed = new Temporary(target);
        var pending = new Queue<string>(wanted);
        while (pending.TryDequeue(out var name))
        {
            var module = Path.Combine(target, name + ".ko");
            if (!_files.TryGetValue(name, out var file) || File.Exists(module))
                continue;
            var copy = Path.Combine(packed.Folder, file.Name);
            File.Copy(file.FullName, copy);
            await decompressor.UnpackFileAsync(copy, module, cancellationToken);
            foreach (var dependency in ModuleInfo.DependsOf(module))
                pending.Enqueue(dependency);
        }
    }
}
