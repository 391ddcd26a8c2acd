using System.Diagnostics;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// The disks of systemd guests on this machine, each made when first asked for:
/// <c>images/.cache/rootfs/NAME/DIGEST/</c>, a digest of the recipe and of the version of every package, with
/// <c>NAME/resolved.json</c> saying which one a name stands for. Safe to use from several processes at once.
/// </summary>
/// <param name="architecture">Of their programs.</param>
/// <param name="progress">Told what takes long, one line each.</param>
public sealed class RootfsStore(
    IProcessRunner runner,
    LabPaths paths,
    RootfsCatalogue catalogue,
    IArchitecture architecture,
    IProgress<string>? progress = null
)
{
    private const string Manifest = "rootfs.json";

    private readonly RootfsRecipe _recipe = new(Path.Combine(paths.Images, "rootfs"));

    private string Root => Path.Combine(paths.Cache, "rootfs");

    /// <summary>
    /// The disk a name stands for; made if it is not there. When it is, a few small files are read and nothing is
    /// started.
    /// </summary>
    /// <exception cref="UsageException">The catalogue has no such name.</exception>
    /// <exception cref="InfraException">The archive, the network or the disk got in the way.</exception>
    /// <exception cref="UnsupportedException">This machine lacks what it takes to make it; says what to
    /// install.</exception>
    public async Task<GuestDisk> EnsureAsync(string name, CancellationToken cancellationToken) =>
        Find(name) ?? await MakeAsync(catalogue[name], refresh: false, cancellationToken);

    /// <summary>Makes a disk of the newest packages. The one there was stays until it is pruned.</summary>
    public Task<GuestDisk> RefreshAsync(string name, CancellationToken cancellationToken) =>
        MakeAsync(catalogue[name], refresh: true, cancellationToken);

    /// <summary>The disk a name stands for if it is there.</summary>
    public GuestDisk? Find(string name)
    {
        var entry = catalogue[name];
        return Resolved(entry) is { } folder && Open(folder) is { } manifest
            ? new GuestDisk(
                name,
                Path.Combine(folder, RootfsBuild.Disk),
                DiskFormat.Qcow2,
                manifest.Packages.GetValueOrDefault("systemd")
            )
            : null;
    }

    /// <summary>Every disk that takes up room, those no entry stands for included.</summary>
    public IReadOnlyList<StoredRootfs> List() =>
        [
            .. from nameFolder in Folders(Root)
            let name = Path.GetFileName(nameFolder)
            let current = catalogue.Contains(name) ? Resolved(catalogue[name]) : null
            from folder in Folders(nameFolder)
            let manifest = Open(folder)
            select new StoredRootfs(
                name,
                manifest?.Packages.GetValueOrDefault("systemd") ?? "damaged",
                folder,
                new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length),
                manifest is not null && folder == current
            ),
        ];

    /// <summary>
    /// Deletes the disks no catalogue entry stands for, and what interrupted builds left; what is being made stays.
    /// </summary>
    /// <returns>What was deleted.</returns>
    public IReadOnlyList<StoredRootfs> Prune()
    {
        var deleted = new List<StoredRootfs>();
        foreach (var entry in Folders(Root))
        {
            using var held = FileLock.TryAcquire(LockOf(entry));
            if (held is null)
                continue;
            Temporary.Sweep(entry);
            foreach (
                var left in List().Where(stored => Path.GetDirectoryName(stored.Folder) == entry && !stored.IsCurrent)
            )
            {
                Directory.Delete(left.Folder, recursive: true);
                deleted.Add(left);
            }
            if (!catalogue.Contains(Path.GetFileName(entry)))
                Directory.Delete(entry, recursive: true);
        }
        return deleted;
    }

    private async Task<GuestDisk> MakeAsync(RootfsEntry entry, bool refresh, CancellationToken cancellationToken)
    {
        RootfsTools.Require(entry.Name);
        var place = FolderOf(entry.Name);
        try
        {
            using var held = await FileLock.AcquireAsync(LockOf(place), cancellationToken);
            // Whoever had the lock before may have been making the same.
            if (!refresh && Find(entry.Name) is { } made)
                return made;
            Temporary.Sweep(place);
            var started = Stopwatch.GetTimestamp();
            progress?.Report(
                $"{entry.Name}: making the disk of a systemd guest from {string.Join(" and ", entry.Suites)}"
            );
            await MakeAsync(entry, place, cancellationToken);
            progress?.Report($"{entry.Name}: made in {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s");
            return Find(entry.Name)
                ?? throw new InfraException($"{place}: changed by somebody else while it was made; run again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"The systemd guest {entry.Name} cannot be put into {place}: {e.Message}", e);
        }
    }

    private async Task MakeAsync(RootfsEntry entry, string place, CancellationToken cancellationToken)
    {
        using var temporary = new Temporary(place);
        var folder = Directory.CreateDirectory(Path.Combine(temporary.Folder, "made")).FullName;
        var host = await AptHost.ReadAsync(runner, cancellationToken);
        var packages = await new RootfsBuild(runner, _recipe, host, architecture).RunAsync(
            entry,
            folder,
            cancellationToken
        );
        var disk = Path.Combine(folder, RootfsBuild.Disk);
        File.SetUnixFileMode(disk, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Temporary.FlushToDisk(disk);
        var manifest = new RootfsManifest(new FileInfo(disk).Length, packages);
        KernelFolder.WriteJson(Path.Combine(folder, Manifest), manifest, RootfsJson.Default.RootfsManifest);
        var recipe = _recipe.Digest(entry);
        var target = Path.Combine(place, RootfsRecipe.FolderName(recipe, packages));
        if (Open(target) is null)
        {
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(folder, target);
        }
        KernelFolder.WriteJson(
            Path.Combine(place, "resolved.json"),
            new ResolvedRootfs(recipe, Path.GetFileName(target)),
            RootfsJson.Default.ResolvedRootfs
        );
    }

    /// <summary>The folder an entry stands for, if it was ever made with the inputs of now.</summary>
    private string? Resolved(RootfsEntry entry) =>
        KernelFolder.ReadJson(Path.Combine(FolderOf(entry.Name), "resolved.json"), RootfsJson.Default.ResolvedRootfs)
            is { } resolved
        && resolved.Recipe == _recipe.Digest(entry)
            ? Path.Combine(FolderOf(entry.Name), resolved.Folder)
            : null;

    /// <summary>What a folder holds; null when it is not whole.</summary>
    private static RootfsManifest? Open(string folder) =>
        KernelFolder.ReadJson(Path.Combine(folder, Manifest), RootfsJson.Default.RootfsManifest) is { } manifest
        && new FileInfo(Path.Combine(folder, RootfsBuild.Disk)) is { Exists: true } disk
        && disk.Length == manifest.Bytes
            ? manifest
            : null;

    private string FolderOf(string name) => Path.Combine(Root, name);

    private static string LockOf(string folder) => Path.Combine(folder, "lock");

    private static IEnumerable<string> Folders(string parent) =>
        Directory.Exists(parent)
            ? Directory.GetDirectories(parent).Except(Temporary.In(parent)).Order(StringComparer.Ordinal)
            : [];
}
