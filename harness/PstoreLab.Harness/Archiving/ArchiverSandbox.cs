using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// A folder for record sets, in memory where there is such a place, and a mount namespace in which a script has an
/// archiver archive them.
/// </summary>
internal sealed class ArchiverSandbox : IDisposable
{
    private const string MemoryFileSystem = "/dev/shm";
    private const string Sets = "sets";

    private readonly IProcessRunner _runner;

    /// <param name="folders">Further empty folders in <see cref="Root"/>.</param>
    public ArchiverSandbox(IProcessRunner runner, params string[] folders)
    {
        _runner = runner;
        Root = Path.Combine(Scratch, $"pstorelab-archiver-{Path.GetRandomFileName()}");
        foreach (string folder in (string[])[.. folders, Sets])
            Directory.CreateDirectory(Path.Combine(Root, folder));
        foreach (bool unlink in new[] { true, false })
        {
            string settings = Directory.CreateDirectory(Path.Combine(Configuration(unlink), "systemd")).FullName;
            File.WriteAllText(
                Path.Combine(settings, "pstore.conf"),
                $"[PStore]\nStorage=external\nUnlink={(unlink ? "yes" : "no")}\n"
            );
        }
    }

    /// <summary>Where thousands of small files cost no disk; none must outlive the check.</summary>
    internal static string Scratch => Directory.Exists(MemoryFileSystem) ? MemoryFileSystem : Path.GetTempPath();

    public string Root { get; }

    public string Workspace => Path.Combine(Root, Sets);

    /// <summary>A folder like /etc, with the pstore.conf of systemd-pstore.</summary>
    public string Configuration(bool unlink) => Path.Combine(Root, unlink ? "etc-unlink" : "etc-keep");

    /// <summary>Runs a script, in a mount namespace of its own.</summary>
    /// <param name="script">Of sh. It reads names of folders in the workspace, a line each, has each archived, leaves
    /// what was said in its <c>messages</c>, and prints an exit code for each.</param>
    /// <param name="what">What is archived with, for messages.</param>
    /// <exception cref="UnsupportedException">There can be no such namespace.</exception>
    /// <exception cref="InfraException">It ended too early.</exception>
    public async Task<IReadOnlyList<ArchiverExit>> RunAsync(
        string script,
        IReadOnlyList<string> arguments,
        string what,
        IReadOnlyList<string> folders,
        CancellationToken cancellation
    )
    {
        if (folders.Count == 0)
            return [];
        using var input = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes(string.Concat(folders.Select(folder => $"{folder}\n")))
        );
        string[] asRoot = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        var spec = new ProcessSpec("unshare", [.. asRoot, "--mount", "--", "sh", "-c", script, "sh", .. arguments])
        {
            StandardInput = input,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["SYSTEMD_LOG_LEVEL"] = "info" },
        };
        var said = await _runner.RunAsync(spec, cancellation);
        if (!said.Exit.Success)
        {
            throw new UnsupportedException(
                $"{what} is run in a mount namespace of its own, which this "
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

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
