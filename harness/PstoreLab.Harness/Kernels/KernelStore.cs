using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Build;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// The kernels on this machine, each fetched or built when first asked for: <c>images/.cache/kernels/NAME/VERSION/</c>
/// (of one that is built here, a digest of all it is made from), with <c>NAME/resolved.json</c> saying which version a
/// name stands for. Safe to use from several processes at once.
/// </summary>
/// <param name="modules">Names, with underscores, of the modules guests need; those a kernel does not have are left
/// out.</param>
/// <param name="architecture">Of the kernels.</param>
/// <param name="progress">Told what takes long, one line each.</param>
public sealed class KernelStore(
    IProcessRunner runner,
    IPackageArchive archive,
    LabPaths paths,
    KernelCatalogue catalogue,
    IReadOnlyList<string> modules,
    IArchitecture architecture,
    IProgress<string>? progress = null
) : IKernels
{
    private string Root => Path.Combine(paths.Cache, "kernels");

    /// <summary>
    /// The kernel a name stands for; fetched or built if it is not there. When it is, a few small files are read and
    /// nothing is started.
    /// </summary>
    /// <exception cref="UsageException">The catalogue has no such name, or the options to build it with are
    /// wrong.</exception>
    /// <exception cref="InfraException">The archive, the network or the disk got in the way.</exception>
    /// <exception cref="UnsupportedException">This machine lacks what it takes to fetch it; says what to
    /// install.</exception>
    public async Task<Kernel> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        var entry = catalogue[name];
        return Current(entry) ?? await ObtainAsync(entry, refresh: false, cancellationToken);
    }

    /// <summary>
    /// Looks for the newest version of a kernel again, and fetches it if it is another. The one there was stays until
    /// it is pruned.
    /// </summary>
    public Task<Kernel> RefreshAsync(string name, CancellationToken cancellationToken) =>
        ObtainAsync(catalogue[name], refresh: true, cancellationToken);

    /// <summary>The kernel a name stands for if it is there, without fetching anything.</summary>
    public Kernel? Find(string name) => Current(catalogue[name]);

    /// <summary>Every kernel that takes up room, those no entry stands for included.</summary>
    public IReadOnlyList<StoredKernel> List() =>
        [
            .. from nameFolder in Folders(Root)
            let name = Path.GetFileName(nameFolder)
            let current = catalogue.Contains(name) ? Current(catalogue[name]) : null
            from folder in Folders(nameFolder)
            select new StoredKernel(
                name,
                VersionOf(folder),
                folder,
                SizeOf(folder),
                folder == Path.GetDirectoryName(current?.Vmlinux)
            ),
        ];

    /// <summary>
    /// Deletes the kernels no catalogue entry stands for, and what interrupted builds left; what is being built stays.
    /// </summary>
    /// <returns>What was deleted.</returns>
    public IReadOnlyList<StoredKernel> Prune()
    {
        var deleted = new List<StoredKernel>();
        foreach (var entry in Folders(Root))
        {
            using var held = FileLock.TryAcquire(LockOf(entry));
            if (held is null)
                continue;
            Temporary.Sweep(entry);
            var name = Path.GetFileName(entry);
            foreach (var left in List().Where(kernel => kernel.Name == name && !kernel.IsCurrent))
            {
                Directory.Delete(left.Folder, recursive: true);
                deleted.Add(left);
            }
            if (Path.Combine(LabKernels.BuildsOf(paths), name) is var build && Directory.Exists(build))
                Directory.Delete(build, recursive: true);
            if (!catalogue.Contains(name))
                Directory.Delete(entry, recursive: true);
        }
        return deleted;
    }

    private async Task<Kernel> ObtainAsync(KernelEntry entry, bool refresh, CancellationToken cancellationToken)
    {
        var folder = FolderOf(entry);
        try
        {
            using var held = await FileLock.AcquireAsync(LockOf(folder), cancellationToken);
            // Whoever had the lock before may have been fetching the same.
            if (!refresh && Current(entry) is { } fetched)
                return fetched;
            Temporary.Sweep(folder);
            progress?.Report($"{entry.Name}: looking for it in {entry.Suite}");
            await archive.UpdateAsync(entry.Suite, cancellationToken);
            var package = await ChooseAsync(entry, refresh, cancellationToken);
            var target = VersionFolder(entry, package.Version);
            if (KernelFolder.Open(entry.Name, target, modules) is null)
                await MakeAsync(entry, package, target, cancellationToken);
            KernelFolder.WriteJson(
                ResolvedFile(entry),
                new ResolvedKernel(entry.Suite, entry.Package.ToString(), package.Name, package.Version),
                KernelJson.Default.ResolvedKernel
            );
            return Current(entry)
                ?? throw new InfraException($"{target}: changed by somebody else while it was made; run again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"The kernel {entry.Name} cannot be put into {folder}: {e.Message}", e);
        }
    }

    private async Task MakeAsync(KernelEntry entry, Package package, string target, CancellationToken cancellationToken)
    {
        using var temporary = new Temporary(FolderOf(entry));
        var made = Directory.CreateDirectory(Path.Combine(temporary.Folder, "made")).FullName;
        await OriginOf(entry).MakeAsync(entry, package, made, cancellationToken);
        KernelFolder.Publish(made, target);
    }

    private async Task<Package> ChooseAsync(KernelEntry entry, bool refresh, CancellationToken cancellationToken)
    {
        var candidates = await archive.FindAsync(entry.Suite, entry.Package, cancellationToken);
        if (entry.Version is not null)
            candidates = [.. candidates.Where(candidate => candidate.Version == entry.Version)];
        if (candidates.Count == 0)
        {
            throw new InfraException(
                $"{entry.Origin}: the Debian archive has no package in '{entry.Suite}' whose name matches "
                    + $"the one of {entry.Name}, {entry.Package}."
            );
        }
        // A kernel does not change under a series of runs only because another module is wanted, or a file got lost.
        var before = refresh
            ? null
            : candidates.FirstOrDefault(candidate => candidate.Version == Resolved(entry)?.Version);
        return before ?? await new VersionOrder(runner).NewestAsync(candidates, cancellationToken);
    }

    private Kernel? Current(KernelEntry entry) =>
        Resolved(entry) is { } resolved
            ? KernelFolder.Open(entry.Name, VersionFolder(entry, resolved.Version), modules)
            : null;

    private ResolvedKernel? Resolved(KernelEntry entry) =>
        KernelFolder.ReadJson(ResolvedFile(entry), KernelJson.Default.ResolvedKernel) is { } resolved
        && resolved.Answers(entry)
            ? resolved
            : null;

    private string FolderOf(KernelEntry entry) => Path.Combine(Root, entry.Name);

    private string ResolvedFile(KernelEntry entry) => Path.Combine(FolderOf(entry), "resolved.json");

    private string VersionFolder(KernelEntry entry, string version) =>
        Path.Combine(FolderOf(entry), OriginOf(entry).FolderName(entry, version));

    private IKernelOrigin OriginOf(KernelEntry entry) =>
        entry.Kind switch
        {
            KernelKind.Built => new LabKernels(runner, archive, paths, architecture, progress),
            _ => new PackagedKernels(runner, archive, modules, progress),
        };

    private static string VersionOf(string folder) => KernelFolder.VersionOf(folder) ?? Path.GetFileName(folder);

    private static string LockOf(string folder) => Path.Combine(folder, "lock");

    private static IEnumerable<string> Folders(string parent) =>
        Directory.Exists(parent)
            ? Directory.GetDirectories(parent).Except(Temporary.In(parent)).Order(StringComparer.Ordinal)
            : [];

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
