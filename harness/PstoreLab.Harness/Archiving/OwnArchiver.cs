using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Runs a user-supplied program on record sets, on this host's own root. Where it is a systemd-pstore, it finds no
/// settings but ours in /etc/systemd, and no journal to write thousands of records to; any other may go by
/// <see cref="UnlinkVariable"/>.
/// </summary>
public sealed class OwnArchiver(IProcessRunner runner, OwnProgram program) : IArchiver, IDisposable
{
    /// <summary>The environment variable with pstore.conf's <c>Unlink=</c>: yes or no.</summary>
    public const string UnlinkVariable = "PSTORELAB_UNLINK";

    // Of sh(1) and timeout(1).
    private const int CannotBeExecuted = 126;
    private const int NotFound = 127;

    private const string Nothing = "nothing";

    // Whoever archives one set for longer hangs: timeout(1) ends it with 124.
    private const string Script = """
        set -eu
        umask 022
        [ ! -d /etc/systemd ] || mount --bind "$1/systemd" /etc/systemd
        [ ! -d /run/systemd/journal ] || mount --bind "$2" /run/systemd/journal
        export PSTORELAB_UNLINK="$3"
        while read -r folder; do
          code=0
          set=$4/$folder
          timeout -k 5 60 sh -c "$5 \"\$@\"" sh "$set/pstore" "$set/archive" >"$set/messages" 2>&1 </dev/null || code=$?
          echo "$code"
        done
        """;

    private readonly ArchiverSandbox _sandbox = new(runner, Nothing);

    public string Workspace => _sandbox.Workspace;

    /// <summary>Has it archive nothing: what cannot be run at all is a mistake, and no fault of an archive.</summary>
    /// <exception cref="UsageException">It cannot be run.</exception>
    public async Task ProbeAsync(CancellationToken cancellation)
    {
        var folder = new SetFolder(Path.Combine(Workspace, "probe"));
        folder.Create([]);
        var exit = (await RunAsync(["probe"], unlink: true, cancellation))[0];
        folder.Delete();
        string said = exit.Messages is [var first, ..] ? first : $"it ended with {exit.Code}";
        if (exit.Code is CannotBeExecuted or NotFound)
            throw new UsageException(
                $"{program.Given}: it cannot be run: {said}; "
                    + "expected a program that takes two words, the folder with the records and the archive"
            );
    }

    public async Task<IReadOnlyList<ArchiverExit>> RunAsync(
        IReadOnlyList<string> folders,
        bool unlink,
        CancellationToken cancellation
    )
    {
        var exits = await _sandbox.RunAsync(
            Script,
            [
                _sandbox.Configuration(unlink),
                Path.Combine(_sandbox.Root, Nothing),
                unlink ? "yes" : "no",
                Workspace,
                program.CommandLine,
            ],
            program.Name,
            folders,
            cancellation
        );
        // Where the folders are for this moment says nothing to anybody.
        return
        [
            .. exits.Select(exit =>
                exit with
                {
                    Messages = [.. exit.Messages.Select(line => line.Replace(Workspace, "", StringComparison.Ordinal))],
                }
            ),
        ];
    }

    public void Dispose() => _sandbox.Dispose();
}
