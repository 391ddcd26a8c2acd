using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Packages;

/// <summary>
/// apt with a root of its own for one suite: own sources, lists, cache and state, so that the host's apt is neither
/// changed nor needed to know the suite. apt does the choosing of methods, the downloading and the checking of
/// signatures.
/// </summary>
public sealed class AptRoot(
    IProcessRunner runner,
    string folder,
    string suite,
    AptHost host,
    IArchitecture architecture
)
{
    /// <summary>Debian's own keys, from the package <c>debian-archive-keyring</c>.</summary>
    internal const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private string ConfigFile => Path.Combine(folder, "apt.conf");

    /// <summary>Fetches the suite's index.</summary>
    public async Task UpdateAsync(CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        SetUp();
        var update = await RunAsync(
            new ProcessSpec("apt-get", "--quiet", "--error-on=any", "update"),
            cancellationToken
        );
        if (!update.Exit.Success)
            throw Failed($"apt could not fetch the index of '{suite}'", update);
    }

    /// <summary>The packages whose whole name matches.</summary>
    public async Task<IReadOnlyList<Package>> FindAsync(Regex name, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        SetUp();
        var all = await RunAsync(new ProcessSpec("apt-cache", "pkgnames", "linux-"), cancellationToken);
        var names = all.EnsureSuccess().StandardOutput.Split('\n').Where(candidate => name.IsMatch(candidate)).ToList();
        if (names.Count == 0)
            return [];
        var shown = await RunAsync(new ProcessSpec("apt-cache", ["show", .. names]), cancellationToken);
        return Package.ParseAll(shown.EnsureSuccess().StandardOutput);
    }

    /// <summary>Fetches packages, checked by apt, into an existing folder.</summary>
    public async Task DownloadAsync(IReadOnlyList<Package> packages, string target, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        SetUp();
        var names = packages.Select(package => $"{package.Name}={package.Version}");
        var spec = new ProcessSpec("apt-get", ["--quiet", "download", .. names]) { WorkingDirectory = target };
        var download = await RunAsync(spec, cancellationToken);
        if (!download.Exit.Success)
            throw Failed($"apt could not fetch {string.Join(", ", names)} from '{suite}'", download);
    }

    /// <summary>The configuration that replaces the host's.</summary>
    /// <param name="root">Whether we are root: apt would otherwise warn that its sandbox user cannot write into our
    /// folders.</param>
    internal string Config(bool root) =>
        $"""
            Dir::Etc::main "/dev/null";
            Dir::Etc::parts "/dev/null";
            Dir::Etc::sourcelist "{folder}/sources.list";
            Dir::Etc::sourceparts "/dev/null";
            Dir::Etc::preferences "/dev/null";
            Dir::Etc::preferencesparts "/dev/null";
            Dir::Etc::trusted "/dev/null";
            Dir::Etc::trustedparts "/dev/null";
            Dir::State "{folder}/state";
            Dir::State::lists "{folder}/lists";
            Dir::State::status "{folder}/state/status";
            Dir::Cache "{folder}/cache";
            Dir::Cache::srcpkgcache "";
            Dir::Log "{folder}/log";
            APT::Architecture "{architecture.Debian}";
            APT::Architectures "{architecture.Debian}";
            {(root ? "APT::Sandbox::User \"root\";" : "")}
            {string.Join('\n', host.Acquire)}
            Acquire::Languages "none";

            """;

    /// <summary>The one source, whose signature is checked against Debian's own keys only.</summary>
    internal string Sources => SourceOf(host, suite, architecture) + "\n";

    /// <summary>The line of a sources.list for a suite.</summary>
    internal static string SourceOf(AptHost host, string suite, IArchitecture architecture) =>
        $"deb [arch={architecture.Debian} signed-by={Keyring}] {host.Mirror} {suite} main";

    /// <exception cref="UnsupportedException">Debian's signing keys are not there; says what to install.</exception>
    internal static void RequireKeyring()
    {
        if (!File.Exists(Keyring))
        {
            throw new UnsupportedException(
                $"Debian's signing keys are not at {Keyring}, so its packages cannot be checked. "
                    + "Install them (on Debian and Ubuntu: apt install debian-archive-keyring)."
            );
        }
    }

    private void SetUp()
    {
        RequireKeyring();
        string[] folders = ["state", "lists/partial", "cache/archives/partial", "log"];
        foreach (var part in folders)
            Directory.CreateDirectory(Path.Combine(folder, part));
        // Always written: the mirror and the host's settings may have changed since, and it costs nothing beside
        // starting apt.
        File.WriteAllText(Path.Combine(folder, "state/status"), "");
        File.WriteAllText(Path.Combine(folder, "sources.list"), Sources);
        File.WriteAllText(ConfigFile, Config(Environment.IsPrivilegedProcess));
    }

    // apt fails at once when its lists are in use instead of waiting.
    private Task<FileLock> LockAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(folder, "lock"), cancellationToken);

    private Task<CapturedOutput> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?> { ["APT_CONFIG"] = ConfigFile, ["LC_ALL"] = "C.UTF-8" };
        return runner.RunAsync(spec with { Environment = environment }, cancellationToken);
    }

    private InfraException Failed(string what, CapturedOutput output)
    {
        var diagnostics = output
            .StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => $"\n  {line}");
        return new InfraException(
            $"{what} of {host.Mirror}:{string.Concat(diagnostics)}\n"
                + $"Check the network, or set {AptHost.MirrorVariable} to another mirror of Debian."
        );
    }
}
