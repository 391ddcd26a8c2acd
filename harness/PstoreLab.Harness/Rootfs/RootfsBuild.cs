using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Makes the disk of a systemd guest: mmdebstrap gets and installs the packages, and its last hook
/// (<c>images/rootfs/make-disk</c>) makes the disk with mke2fs. Nothing is mounted on this machine, and no root is
/// needed: as an ordinary user mmdebstrap works in a user namespace.
/// </summary>
internal sealed class RootfsBuild(IProcessRunner runner, RootfsRecipe recipe, AptHost host, IArchitecture architecture)
{
    /// <summary>Name of the disk's file.</summary>
    public const string Disk = "disk.qcow2";

    private const string PackageList = "packages";

    // A guest reads no documentation, speaks English, and knows no hardware but QEMU's.
    private static readonly string[] LeftOut =
    [
        "/usr/share/doc/*",
        "/usr/share/man/*",
        "/usr/share/info/*",
        "/usr/share/locale/*",
        "/usr/share/lintian/*",
        "/lib/udev/hwdb.d/*",
        "/usr/lib/udev/hwdb.d/*",
    ];

    /// <summary>Makes it.</summary>
    /// <param name="folder">An existing folder, which gets the disk.</param>
    /// <returns>Name to version of all that is installed.</returns>
    /// <exception cref="InfraException">A program failed; the message has its words.</exception>
    public async Task<IReadOnlyDictionary<string, string>> RunAsync(
        RootfsEntry entry,
        string folder,
        CancellationToken cancellationToken
    )
    {
        AptRoot.RequireKeyring();
        var temporary = Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName;
        var settings = Path.Combine(temporary, "apt.conf");
        await File.WriteAllLinesAsync(settings, host.Acquire, cancellationToken);
        var preferences = Path.Combine(temporary, "preferences");
        await File.WriteAllTextAsync(preferences, Preferences(entry), cancellationToken);
        var list = Path.Combine(folder, PackageList);
        var spec = new ProcessSpec(
            "mmdebstrap",
            Arguments(entry, settings, preferences, list, Path.Combine(folder, Disk))
        )
        {
            // An ordinary user's namespace can seldom enter the checkout, and must use /tmp.
            Environment = Environment.IsPrivilegedProcess
                ? new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["TMPDIR"] = temporary }
                : new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" },
        };
        (await runner.RunAsync(spec, cancellationToken)).EnsureSuccess();
        var packages = File.ReadLines(list)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        File.Delete(list);
        Directory.Delete(temporary, recursive: true);
        return packages;
    }

    /// <summary>What mmdebstrap is called with.</summary>
    internal IReadOnlyList<string> Arguments(
        RootfsEntry entry,
        string settings,
        string preferences,
        string list,
        string disk
    ) =>
        [
            "--mode=auto",
            "--variant=essential",
            "--format=null",
            $"--architectures={architecture.Debian}",
            $"--include={string.Join(',', recipe.Packages)}",
            $"--aptopt={settings}",
            "--dpkgopt=force-unsafe-io",
            .. LeftOut.Select(path => $"--dpkgopt=path-exclude={path}"),
            $"--setup-hook=upload {ShellWords.Quote(preferences)} /etc/apt/preferences.d/pstorelab",
            .. recipe.Hooks.Select(hook => $"--customize-hook={ShellWords.Quote(hook)} \"$1\""),
            $"--customize-hook=download /pstorelab.packages {ShellWords.Quote(list)}",
            $"--customize-hook=download /pstorelab.qcow2 {ShellWords.Quote(disk)}",
            entry.Suite,
            "/dev/null",
            .. entry.Suites.Select(suite => AptRoot.SourceOf(host, suite, architecture)),
        ];

    /// <summary>Backports are installed only where they are asked for; here, of systemd's packages.</summary>
    internal static string Preferences(RootfsEntry entry) =>
        entry.SystemdSuite is null
            ? ""
            : $"Package: src:systemd\nPin: release n={entry.SystemdSuite}\nPin-Priority: 990\n";
}
