using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Runs the real systemd-pstore of a release on folders, some hundred a second. It is shut into a root of its own, in a
/// mount namespace of its own, with nothing of the host in it but <c>/proc</c>, without which it cannot rename what it
/// wrote: so it finds no pstore.conf but ours, and no journal to write thousands of records to.
/// </summary>
public sealed class SystemdArchiver : IArchiver, IDisposable
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

    private const string MemoryFileSystem = "/dev/shm";

    private readonly IProcessRunner _runner;
    private readonly SystemdPstore _program;
    private readonly string _root;

    public SystemdArchiver(IProcessRunner runner, SystemdPstore program)
    {
        _runner = runner;
        _program = program;
        _root = Path.Combine(Scratch, $"pstorelab-archiver-{Path.GetRandomFileName()}");
        foreach (string folder in new[] { "proc", "lib", "etc", "sets", Configuration(true), Configuration(false) })
            Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (bool unlink in new[] { true, false })
        {
            string settings = Directory.CreateDirectory(Path.Combine(_root, Configuration(unlink), "systemd")).FullName;
            File.WriteAllText(
                Path.Combine(settings, "pstore.conf"),
                $"[PStore]\nStorage=external\nUnlink={(unlink ? "yes" : "no")}\n"
            );
        }
    }

    /// <summary>Where thousands of small files cost no disk; none must outlive the check.</summary>
    internal static string Scratch => Directory.Exists(MemoryFileSystem) ? MemoryFileSystem : Path.GetTempPath();

    public string Workspace => Path.Combine(_root, "sets");

    public async Task<IReadOnlyList<ArchiverExit>> RunAsync(
        IReadOnlyList<string> folders,
        bool unlink,
        CancellationToken cancellation
    )
    {
        if (folders.Count == 0)
            return [];
        using var input = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes(string.Concat(folders.Select(folder => $"{folder}\n")))
        );
        string[] asRoot = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        var spec = new ProcessSpec(
            "unshare",
            [
                .. asRoot,
                "--mount",
                "--",
                "sh",
                "-c",
                Script,
                "sh",
                _root,
                _program.Folder,
                Path.Combine(_root, Configuration(unlink)),
            ]
        )
        {
            StandardInput = input,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["SYSTEMD_LOG_LEVEL"] = "info" },
        };
        var said = await _runner.RunAsync(spec, cancellation);
        if (!said.Exit.Success)
        {
            throw new UnsupportedException(
                $"systemd-pstore of {_program.Release} is run in a mount namespace of its own, which this "
                    + $"machine does not allow: {said.StandardError.Trim()}. "
                    + "As an ordinary user it takes user namespaces (sysctl "
                    + "kernel.unprivileged_userns_clone, or AppArmor's restriction of them); root in a "
                    + "container takes CAP_SYS_ADMIN."
            );
        }

        string[] codes = said.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (codes.Length != folders.Count)
            throw new InfraException($"`{spec.CommandLine}` ended after {codes.Length} of {folders.Count} record sets");
        return
        [
            .. folders.Zip(
                codes,
                (folder, code) =>
                    new ArchiverExit(int.Parse(code), File.ReadAllLines(Path.Combine(Workspace, folder, "messages")))
            ),
        ];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Configuration(bool unlink) => unlink ? "etc-unlink" : "etc-keep";
}
