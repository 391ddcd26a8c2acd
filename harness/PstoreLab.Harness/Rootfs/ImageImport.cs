using System.Text.Json;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Checks a disk that the user brings along, and finds out what can be found out without booting it. The disk itself is
/// left alone and stays where it is: cases boot overlays over it.
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
    /// <exception cref="UnsupportedException">This machine lacks qemu-img or debugfs.</exception>
    public async Task<GuestDisk> ImportAsync(UserImage given, CancellationToken cancellation)
    {
        try
        {
            var format = await FormatAsync(given.Path, cancellation);
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

    // qemu-img goes by content, not by name, and takes for raw what it does not know.
    private async Task<DiskFormat> FormatAsync(string path, CancellationToken cancellation)
    {
        var program = HostProgram.Require("qemu-img", "qemu-utils", "to read an image");
        var info = (
            await runner.RunAsync(new ProcessSpec(program, "info", "--output=json", path), cancellation)
        ).EnsureSuccess();
        using var json = JsonDocument.Parse(info.StandardOutput);
        if (json.RootElement.TryGetProperty("encrypted", out var encrypted) && encrypted.GetBoolean())
            throw new UsageException("it is encrypted");
        return json.RootElement.GetProperty("format").GetString() switch
        {
            "qcow2" => DiskFormat.Qcow2,
            "raw" => DiskFormat.Raw,
            var other => throw new UsageException(
                $"it is a {other} disk (`qemu-img convert -O qcow2` makes a qcow2 of it)"
            ),
        };
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
    /// that tells it.</returns>
    private async Task<string?> LookAsync(string raw, CancellationToken cancellation)
    {
        List<(DiskPart Part, FileSystemKind? Kind)> parts;
        await using (var disk = File.OpenRead(raw))
        {
            var head = new byte[16];
            if (
                CompressedFormat.Of(head.AsSpan(0, disk.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) is
                { } compressed
            )
                throw new UsageException($"it is compressed (`{compressed.Program} -d` undoes it)");
            IReadOnlyList<DiskPart> found = FileSystemKind.At(disk, 0) is { HoldsRoot: true }
                ? [new DiskPart(0, 0)]
                : PartitionTable.Read(disk);
            parts = [.. found.Select(part => (part, FileSystemKind.At(disk, part.Offset)))];
            if (parts.Count == 0)
                throw new UsageException(
                    FileSystemKind.At(disk, 0) is { } kind
                        ? $"it is {kind.Name}"
                        : "there is neither a file system nor a partition table on it"
                );
        }

        foreach (var (part, _) in parts.Where(part => part.Kind == FileSystemKind.Ext))
        {
            var fileSystem = new ExtFileSystem(runner, raw, part.Offset);
            if (!await HasAnyAsync(fileSystem, Inits, cancellation))
                continue;
            if (!await HasAnyAsync(fileSystem, Servers, cancellation))
                throw new UsageException($"the root file system on {Place(part)} has no sshd");
            return await SystemdVersion.FindAsync(fileSystem, cancellation);
        }

        var kinds = parts.Select(part => $"{Place(part.Part)} is {part.Kind?.Name ?? "not known"}");
        return parts.Any(part => part.Kind is { HoldsRoot: true } && part.Kind != FileSystemKind.Ext)
            ? null
            : throw new UsageException($"no root file system is on it: {string.Join(", ", kinds)}");
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

    private static string Place(DiskPart part) => part.Number == 0 ? "the disk" : $"partition {part.Number}";
}
