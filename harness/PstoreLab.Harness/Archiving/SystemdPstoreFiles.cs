using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Gets systemd-pstore out of the disk of a systemd guest, once: into <c>archiver/</c> beside the disk. debugfs reads
/// the file system as it lies in the file, so nothing is mounted and no root is needed; which libraries it takes, the
/// release's own loader says.
/// </summary>
public sealed class SystemdPstoreFiles(IProcessRunner runner, IArchitecture architecture)
{
    private const string FolderName = "archiver";

    // Both are links to /usr where that is merged, and hold different files where it is not, as in bullseye.
    private string[] Libraries { get; } =
    [$"/lib/{architecture.Multiarch}", $"/usr/lib/{architecture.Multiarch}", "/lib/systemd"];

    private static readonly (string Program, string Package)[] Needed =
    [
        ("qemu-img", "qemu-utils"),
        ("debugfs", "e2fsprogs"),
    ];

    /// <summary>The archiver of a guest.</summary>
    /// <param name="rootfs">Of the catalogue: a file system without partitions.</param>
    /// <exception cref="InfraException">The disk has no systemd-pstore, or cannot be read.</exception>
    /// <exception cref="UnsupportedException">This machine lacks what it takes to read it; says what to
    /// install.</exception>
    public async Task<SystemdPstore> EnsureAsync(GuestDisk rootfs, CancellationToken cancellation)
    {
        string place = Path.GetDirectoryName(rootfs.Path)!;
        string folder = Path.Combine(place, FolderName);
        var archiver = new SystemdPstore(
            rootfs.Name,
            rootfs.SystemdVersion
                ?? throw new InfraException($"{rootfs.Path}: nothing says which systemd is on this disk"),
            folder
        );
        // It is renamed into place, so that it is whole where it is.
        if (Directory.Exists(folder))
            return archiver;
        try
        {
            using var held = await FileLock.AcquireAsync(Path.Combine(place, $"{FolderName}.lock"), cancellation);
            if (!Directory.Exists(folder))
            {
                Temporary.Sweep(place);
                using var temporary = new Temporary(place);
                Directory.Move(await GatherAsync(rootfs, temporary.Folder, cancellation), folder);
            }

            return archiver;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"The archiver of {rootfs.Name} cannot be put into {folder}: {e.Message}", e);
        }
    }

    /// <returns>The folder it is in.</returns>
    private async Task<string> GatherAsync(GuestDisk rootfs, string temporary, CancellationToken cancellation)
    {
        string disk = Path.Combine(temporary, "disk.raw");
        (
            await runner.RunAsync(
                new ProcessSpec(
                    Require(0, rootfs),
                    "convert",
                    "-f",
                    rootfs.Format.ToString().ToLowerInvariant(),
                    "-O",
                    "raw",
                    rootfs.Path,
                    disk
                ),
                cancellation
            )
        ).EnsureSuccess();
        var requests = new List<string>();
        var libraries = new List<string>();
        for (int index = 0; index < Libraries.Length; index++)
        {
            string into = Directory.CreateDirectory(Path.Combine(temporary, $"{index}")).FullName;
            requests.Add($"rdump {Libraries[index]} \"{into}\"");
            libraries.Add(Path.Combine(into, Path.GetFileName(Libraries[index])));
        }

        string commands = Path.Combine(temporary, "commands");
        await File.WriteAllLinesAsync(commands, requests, cancellation);
        // Owners cannot be kept without root, about which it prints errors, and it exits with 0 whatever happens.
        await runner.RunAsync(new ProcessSpec(Require(1, rootfs), "-f", commands, disk), cancellation);
        string folder = Directory.CreateDirectory(Path.Combine(temporary, FolderName)).FullName;
        string loader = Copy(Path.Combine(libraries[0], architecture.Loader), SystemdPstore.Loader);
        string program = Copy(Path.Combine(libraries[^1], SystemdPstore.Program), SystemdPstore.Program);

        string Copy(string from, string name)
        {
            string to = Path.Combine(folder, name);
            if (!File.Exists(from))
                throw new InfraException(
                    $"{rootfs.Path}: there is no {Path.GetFileName(from)} on this disk, or debugfs cannot "
                        + $"read it; make it again with `pstorelab images build --refresh {rootfs.Name}`"
                );
            File.Copy(from, to);
            File.SetUnixFileMode(
                to,
                UnixFileMode.UserRead
                    | UnixFileMode.UserExecute
                    | UnixFileMode.GroupRead
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead
                    | UnixFileMode.OtherExecute
            );
            return to;
        }

        // Where Debian has put libsystemd-shared since bookworm.
        libraries.Add(Path.Combine(libraries[0], "systemd"));
        var list = (
            await runner.RunAsync(
                new ProcessSpec(loader, "--library-path", string.Join(':', libraries), "--list", program),
                cancellation
            )
        ).EnsureSuccess();
        foreach (var (name, path) in list.StandardOutput.Split('\n').Select(Library).OfType<(string, string)>())
        {
            if (!path.StartsWith(temporary + "/", StringComparison.Ordinal))
                throw new InfraException(
                    $"{rootfs.Path}: systemd-pstore needs {name}, which is not among the libraries of this disk"
                );
            if (path != loader)
                File.Copy(path, Path.Combine(folder, name), overwrite: true);
        }

        return folder;
    }

    // "	libc.so.6 => /lib/MULTIARCH/libc.so.6 (0x00007f…)", or "=> not found"; the vDSO has no arrow.
    private static (string Name, string Path)? Library(string line) =>
        line.Split(" => ") is [var name, var rest] ? (Path.GetFileName(name.Trim()), rest.Split(" (")[0]) : null;

    private static string Require(int index, GuestDisk rootfs) =>
        HostProgram.Require(Needed[index].Program, Needed[index].Package, $"to read the disk of {rootfs.Name}");
}
