using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Runs the real systemd-pstore of a release on folders, some hundred a second. It is shut into a root of its own, in a
/// mount namespace of its own, with nothing of the host in it but <c>/proc</c>, without which it cannot rename what it
/// wrote: so it finds no pstore.conf but ours, and no journal to write thousands of records to.
/// </summary>
public sealed class SystemdArchiver(IProcessRunner runner, SystemdPstore program) : IArchiver, IDisposable
{
    // The umask is systemd's own for services. All that is said on the way is said to nobody: the answers are the
    // codes.
    private const string Script = """
        set -eu
        umask 022
        mount --rbind /proc "$1/proc"
        mount --bind "$2" "$1/lib"
        mount --bind "$3" "$1/etc"
        cd "$1"
        while read -r folder; do
          code=0
          set=/sets/$folder
          chroot . /lib/ld.so --library-path /lib /lib/systemd-pstore "$set/pstore" "$set/archive" \
            >".$set/messages" 2>&1 </dev/null || code=$?
          echo "$code"
        done
        """;

    private readonly ArchiverSandbox _sandbox = new(runner, "proc", "lib", "etc");

    public string Workspace => _sandbox.Workspace;

    public Task<IReadOnlyList<ArchiverExit>> RunAsync(
        IReadOnlyList<string> folders,
        bool unlink,
        CancellationToken cancellation
    ) =>
        _sandbox.RunAsync(
            Script,
            [_sandbox.Root, program.Folder, _sandbox.Configuration(unlink)],
            $"systemd-pstore of {program.Release}",
            folders,
            cancellation
        );

    public void Dispose() => _sandbox.Dispose();
}
