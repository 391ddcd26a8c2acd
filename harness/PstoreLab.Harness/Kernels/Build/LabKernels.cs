using System.Diagnostics;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels.Build;

/// <summary>
/// Kernels that are built here, from Debian's source and the options in <c>images/lab-kernels/</c>: everything of
/// pstore that distributions leave out. A build that was interrupted is gone on with.
/// </summary>
internal sealed class LabKernels(
    IProcessRunner runner,
    IPackageArchive archive,
    LabPaths paths,
    IArchitecture architecture,
    IProgress<string>? progress
) : IKernelOrigin
{
    // Grows when the same source and options make another kernel.
    private const string Format = "pstorelab kernel 1";

    private string Builds => BuildsOf(paths);

    /// <summary>Where builds are done: a folder for each name, in it one for each digest.</summary>
    public static string BuildsOf(LabPaths paths) => Path.Combine(paths.Cache, "builds");

    public string FolderName(KernelEntry entry, string version) => Options(entry, version).Digest(Format, version);

    public async Task MakeAsync(KernelEntry entry, Package package, string folder, CancellationToken cancellationToken)
    {
        BuildTools.Require(entry.Name, architecture);
        var options = Options(entry, package.Version);
        var what = $"{entry.Name} ({package.Name} {package.Version})";
        var place = Path.Combine(Builds, entry.Name, options.Digest(Format, package.Version));
        if (place.Any(c => char.IsWhiteSpace(c) || c is ':'))
            throw new UnsupportedException(
                $"{entry.Name} is built in {place}, and a kernel cannot be built where the path has blanks "
                    + "or colons. Move the checkout."
            );
        using var alone = await OneAtATimeAsync(entry.Name, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        LeaveOnly(place);
        var tree = Path.Combine(place, "tree");
        if (!Directory.Exists(tree))
            await FetchAsync(entry, package, tree, cancellationToken);
        var build = new KernelBuild(runner, tree, architecture);
        progress?.Report($"{entry.Name}: configuring");
        await build.ConfigureAsync(options, what, cancellationToken);
        progress?.Report($"{entry.Name}: compiling, which takes some minutes");
        await build.CompileAsync(what, cancellationToken);
        await TakeAsync(tree, package.Version, folder, cancellationToken);
        Directory.Delete(place, recursive: true);
        progress?.Report($"{entry.Name}: built in {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s");
    }

    private LabConfig Options(KernelEntry entry, string version) =>
        LabConfig.Load(Path.Combine(paths.Images, "lab-kernels"), entry.Name, version);

    // A build has use for every core; two side by side would only take longer both.
    private async Task<FileLock> OneAtATimeAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Builds, "lock");
        if (FileLock.TryAcquire(path) is { } free)
            return free;
        progress?.Report($"{name}: waiting for the build of another kernel");
        return await FileLock.AcquireAsync(path, cancellationToken);
    }

    /// <summary>Deletes what builds of older versions and options left under the same name.</summary>
    private static void LeaveOnly(string place)
    {
        Directory.CreateDirectory(place);
        Temporary.Sweep(place);
        foreach (var other in Directory.GetDirectories(Path.GetDirectoryName(place)!).Where(folder => folder != place))
            Directory.Delete(other, recursive: true);
    }

    private async Task FetchAsync(KernelEntry entry, Package package, string tree, CancellationToken cancellationToken)
    {
        using var packages = new Temporary(Path.GetDirectoryName(tree)!);
        progress?.Report($"{entry.Name}: fetching {package.Name} {package.Version}");
        await archive.DownloadAsync(entry.Suite, [package], packages.Folder, cancellationToken);
        progress?.Report($"{entry.Name}: unpacking");
        await new SourceTree(runner).UnpackAsync(
            Directory.GetFiles(packages.Folder, "*.deb")[0],
            tree,
            cancellationToken
        );
    }

    private async Task TakeAsync(string tree, string version, string folder, CancellationToken cancellationToken)
    {
        var modules = Directory.CreateDirectory(Path.Combine(folder, KernelFolder.Modules)).FullName;
        File.Copy(Path.Combine(tree, architecture.KernelsInTree[0]), Path.Combine(folder, KernelFolder.BzImage));
        File.Copy(Path.Combine(tree, ".config"), Path.Combine(folder, KernelFolder.Config));
        foreach (var module in Directory.EnumerateFiles(tree, "*.ko", SearchOption.AllDirectories))
            File.Copy(module, Path.Combine(modules, ModuleInfo.NameOf(module) + ".ko"));
        await new KernelFinish(runner).RunAsync(folder, version, [KernelManifest.Everything], cancellationToken);
    }
}
