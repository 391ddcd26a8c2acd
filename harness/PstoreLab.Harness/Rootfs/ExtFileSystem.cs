using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Reads an ext4 file system that lies in a raw disk with debugfs: nothing is mounted, nothing is written.
/// </summary>
/// <param name="disk">The raw disk.</param>
/// <param name="offset">Where the file system begins.</param>
internal sealed class ExtFileSystem(IProcessRunner runner, string disk, long offset)
{
    // debugfs reports errors in words, on its standard error, and ends with 0.
    private const string Missing = "File not found by ext2_lookup";

    private static string Program => HostProgram.Require("debugfs", "e2fsprogs", "to look into an image");

    /// <summary>Whether there is a file of any kind, links included. Folders on the way to it may be links.</summary>
    public async Task<bool> HasAsync(string path, CancellationToken cancellation) =>
        !(await AskAsync($"stat {path}", cancellation)).StandardError.Contains(Missing);

    /// <summary>A text file; empty where there is none.</summary>
    public async Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        (await AskAsync($"cat {path}", cancellation)).StandardOutput;

    /// <summary>Names in a folder; none where there is none.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellation) =>
        [
            // Lines of /inode/mode/uid/gid/name/size/.
            .. from line in (await AskAsync($"ls -p {folder}", cancellation)).StandardOutput.Split('\n')
            let fields = line.Split('/')
            where fields.Length > 5
            select fields[5],
        ];

    /// <exception cref="InfraException">It is not an ext4 file system that can be read.</exception>
    private async Task<CapturedOutput> AskAsync(string request, CancellationToken cancellation)
    {
        // ext2fs_open2 takes what follows a '?' for options of its I/O manager, in which the offset is in bytes
        // (e2fsprogs 1.47, lib/ext2fs/openfs.c).
        var output = (
            await runner.RunAsync(new ProcessSpec(Program, "-R", request, $"{disk}?offset={offset}"), cancellation)
        ).EnsureSuccess();
        return output.StandardError.Contains("Filesystem not open", StringComparison.Ordinal)
            ? throw new InfraException(
                $"the ext4 file system at byte {offset} cannot be read: {output.StandardError.Trim()}"
            )
            : output;
    }
}
