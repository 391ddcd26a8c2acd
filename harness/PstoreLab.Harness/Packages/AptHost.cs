using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Packages;

/// <summary>What this machine's own apt is set up for, as far as our private roots need it.</summary>
/// <param name="Mirror">The Debian archive to use: the part of its address before <c>/dists</c>.</param>
/// <param name="Acquire">The host's <c>Acquire::*</c> settings (proxy, timeouts …), as lines of an apt.conf.</param>
public sealed record AptHost(string Mirror, IReadOnlyList<string> Acquire)
{
    /// <summary>Names the Debian archive when the host's apt does not serve it, or another one is wanted.</summary>
    public const string MirrorVariable = "PSTORELAB_DEBIAN_MIRROR";

    private const string TargetFormat = "$(CREATED_BY)|$(LABEL)|$(COMPONENT)|$(RELEASE)|$(SITE)";

    // What to download is ours to say, and nothing on the host may switch the checks off that make a download
    // trustworthy.
    private static readonly string[] OurOwn =
    [
        "IndexTargets",
        "Languages",
        "GzipIndexes",
        "Changelogs",
        "cdrom",
        "Allow",
    ];

    /// <summary>Asks the host's apt.</summary>
    /// <exception cref="UnsupportedException">There is no apt, or it serves no Debian archive; says what to
    /// do.</exception>
    public static async Task<AptHost> ReadAsync(IProcessRunner runner, CancellationToken cancellationToken)
    {
        HostProgram.Require("apt-get", "apt", "to fetch kernels from the Debian archive");
        var mirror = Environment.GetEnvironmentVariable(MirrorVariable) is { Length: > 0 } wanted
            ? Checked(wanted)
            : await FindMirrorAsync(runner, cancellationToken);
        var settings = await runner.RunAsync(new ProcessSpec("apt-config", "dump"), cancellationToken);
        return new AptHost(mirror, AcquireSettings(settings.EnsureSuccess().StandardOutput));
    }

    /// <summary>The settings of a <c>apt-config dump</c> that a private root takes over.</summary>
    internal static IReadOnlyList<string> AcquireSettings(string dump) =>
        [
            .. dump.Split('\n')
                .Where(line =>
                    line.StartsWith("Acquire::", StringComparison.OrdinalIgnoreCase)
                    && !OurOwn.Any(own =>
                        line.AsSpan("Acquire::".Length).StartsWith(own, StringComparison.OrdinalIgnoreCase)
                    )
                ),
        ];

    /// <summary>
    /// The first Debian archive with a main component, not the security one, in the output of <c>apt-get
    /// indextargets</c>.
    /// </summary>
    internal static string? MirrorOfTargets(string targets) =>
        targets
            .Split('\n')
            .Select(line => line.Split('|'))
            .Where(field => field is ["Packages", "Debian", "main", var release, var site] && IsOrdinary(release, site))
            .Select(field => field[4].TrimEnd('/'))
            .FirstOrDefault();

    /// <summary>
    /// The archive that serves the host's own release, in the output of <c>apt-get --print-uris update</c>.
    /// </summary>
    internal static string? MirrorOfReleases(string uris, string osRelease)
    {
        var system = osRelease
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('"', ' '));
        if (system.GetValueOrDefault("ID") != "debian" || !system.TryGetValue("VERSION_CODENAME", out var release))
            return null;
        return uris.Split('\n')
            .Select(line => line.Split('\'') is [_, var uri, ..] ? uri : "")
            .Select(uri => (uri, end: uri.IndexOf($"/dists/{release}/InRelease", StringComparison.Ordinal)))
            .Where(found => found.end > 0)
            .Select(found => found.uri[..found.end])
            .FirstOrDefault();
    }

    private static async Task<string> FindMirrorAsync(IProcessRunner runner, CancellationToken cancellationToken)
    {
        var targets = await runner.RunAsync(
            new ProcessSpec("apt-get", "indextargets", "--format", TargetFormat),
            cancellationToken
        );
        if (MirrorOfTargets(targets.StandardOutput) is { } known)
            return known;
        // A host that never ran `apt-get update`, such as a fresh container, has no labels to go by; its sources must
        // do.
        var uris = await runner.RunAsync(new ProcessSpec("apt-get", "--print-uris", "update"), cancellationToken);
        return MirrorOfReleases(
                uris.StandardOutput,
                File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : ""
            )
            ?? throw new UnsupportedException(
                "Kernels come from the Debian archive, and apt on this machine has none among its sources. "
                    + $"Set {MirrorVariable} to the address of a Debian mirror: the part before '/dists'."
            );
    }

    private static bool IsOrdinary(string release, string site) =>
        !release.Contains("security")
        && !site.Contains("-security")
        && !site.StartsWith("cdrom:", StringComparison.Ordinal);

    private static string Checked(string mirror) =>
        Uri.TryCreate(mirror, UriKind.Absolute, out _) && !mirror.Any(char.IsWhiteSpace)
            ? mirror.TrimEnd('/')
            : throw new UsageException(
                $"{MirrorVariable} is '{mirror}'; expected the address of a Debian mirror: the part before '/dists'."
            );
}
