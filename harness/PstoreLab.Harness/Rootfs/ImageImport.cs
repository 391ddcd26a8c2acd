using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Checks a user-supplied disk, and finds out what can be found out without booting it. The disk itself is
/// not changed and stays where it is: cases boot overlays over it.
/// </summary>
public sealed class ImageImport(IProcessRunner runner, LabPaths paths)
{
    /// <summary>What can be an image, for messages.</summary>
    public const string Expected =
        "a qcow2 or raw disk with a root file system, on a partition or without any, that has systemd and sshd";

    private static readonly string[] Inits =
    [
        "/usr/lib/systemd/systemd",
        "/lib/systemd/systemd",
        "/sbin/init",
        "/usr/sbin/init",
    ];

    private static readonly string[] Servers = ["/usr/sbin/sshd", "/sbin/sshd", "/usr/bin/sshd"];

    private string Root => Path.Combine(paths.Cache, "given-images");

    /// <exception cref="UsageException">It is no such disk; says what was found.</exception>
    /// <exception cref="UnsupportedException">This machine lacks qemu-img, util-linux or debugfs.</exception>
    public async Task<GuestDisk> ImportAsync(UserImage given, CancellationToken cancellation)
    {
        try
        {
            var format = Format(given.Path);
            using var held = await FileLock.AcquireAsync(Path.Combine(Root, "lock"), cancellation);
            Temporary.Sweep(Root);
            using var temporary = new Temporary(Root);
            var raw =
                format == DiskFormat.Raw
                    ? given.Path
                    : await UnpackAsync(given.Path, Path.Combine(temporary.Folder, "raw"), cancellation);
            return new GuestDisk(given.Name, given.Path, format, await LookAsync(raw, cancellation))
            {
                KernelArguments = UserImage.KernelArguments,
            };
        }
        catch (Exception e)
            when (e is LabException and not UnsupportedException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--image {given.Path}: {e.Message.TrimEnd('.')}; expected {Expected}", e);
        }
    }

    private static DiskFormat Format(string path)
    {
        using var disk = File.OpenRead(path);
        var head = new byte[ImageFormat.HeadSize];
        return ImageFormat.Of(head.AsSpan(0, disk.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    // Sparse: it takes up what is written on the disk, for the moment of looking.
    private async Task<string> UnpackAsync(string path, string raw, CancellationToken cancellation)
    {
        var program = HostProgram.Require("qemu-img", "qemu-utils", "to read an image");
        (
            await runner.RunAsync(
                new ProcessSpec(program, "convert", "-f", "qcow2", "-O", "raw", path, raw),
                cancellation
            )
        ).EnsureSuccess();
        return raw;
    }

    /// <returns>The version of its systemd; null where it is on a file system that we cannot look into, or has no name
    /// that reports it.</returns>
    private async Task<string?> LookAsync(string raw, CancellationToken cancellation)
    {
        var places = await PlacesAsync(new DiskProbe(runner, raw), cancellation);
        foreach (var (place, offset, _) in places.Where(place => place.Content.IsExt))
        {
            var fileSystem = new ExtFileSystem(runner, raw, offset);
            if (!await HasAnyAsync(fileSystem, Inits, cancellation))
                continue;
            if (!await HasAnyAsync(fileSystem, Servers, cancellation))
                throw new UsageException($"the root file system on {place} has no sshd");
            return await SystemdVersion.FindAsync(fileSystem, cancellation);
        }

        return places.Any(place => place.Content is { MayBeRoot: true, IsExt: false })
            ? null
            : throw new UsageException(
                "no root file system is on it: "
                    + string.Join(", ", places.Select(place => $"{place.Place} is {place.Content.Name}"))
            );
    }

    /// <returns>Where a root file system may be: the disk itself, or all its partitions.</returns>
    private static async Task<IReadOnlyList<(string Place, long Offset, DiskContent Content)>> PlacesAsync(
        DiskProbe probe,
        CancellationToken cancellation
    )
    {
        var whole = await probe.LookAsync(cancellation);
        if (whole.MayBeRoot)
            return [("the disk", 0, whole)];
        List<(string, long, DiskContent)> partitions = [];
        if (whole.HasTable)
        {
            foreach (var part in await probe.PartitionsAsync(cancellation))
                partitions.Add(($"partition {part.Number}", part.Offset, await probe.LookAsync(part, cancellation)));
        }

        return partitions.Count > 0
            ? partitions
            : throw new UsageException(
                whole switch
                {
                    { Type: not null } => $"it is {whole.Name}",
                    { HasTable: true } => "its partition table is empty",
                    _ => "there is neither a file system nor a partition table on it",
                }
            );
    }

    private static async Task<bool> HasAnyAsync(
        ExtFileSystem fileSystem,
        IEnumerable<string> files,
        CancellationToken cancellation
    )
    {
        foreach (var file in files)
        {
            if (await fileSystem.HasAsync(file, cancellation))
                return true;
        }
        return false;
    }
}
