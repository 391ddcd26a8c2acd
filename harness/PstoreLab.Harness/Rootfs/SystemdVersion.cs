using System.Text.RegularExpressions;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Rootfs;

/// <summary>Finds the version of the systemd that is installed in a root file system.</summary>
internal static partial class SystemdVersion
{
    /// <summary>Where distributions have systemd's own library, which has the version in its name.</summary>
    private static readonly string[] LibraryFolders =
    [
        "/usr/lib/systemd",
        "/lib/systemd",
        "/usr/lib64/systemd",
        .. MachineCatalogue.All.Select(machine => $"/usr/lib/{machine.Architecture.Multiarch}/systemd").Distinct(),
    ];

    /// <summary>
    /// The version of the Debian package, or else what the library's name says; null where neither is there.
    /// </summary>
    public static async Task<string?> FindAsync(ExtFileSystem root, CancellationToken cancellation)
    {
        if (OfStatus(await root.ReadAsync("/var/lib/dpkg/status", cancellation)) is { } package)
            return package;
        foreach (var folder in LibraryFolders)
        {
            if (OfLibrary(await root.ListAsync(folder, cancellation)) is { } version)
                return version;
        }
        return null;
    }

    /// <summary>Of dpkg's status file (deb-control(5)).</summary>
    internal static string? OfStatus(string status) =>
        Package().Match(status) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>
    /// Of names such as <c>libsystemd-shared-257.9-2.fc42.so</c>; Debian's up to 252 have the first number alone.
    /// </summary>
    internal static string? OfLibrary(IEnumerable<string> names) =>
        names.Select(name => Library().Match(name)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    // A paragraph ends at an empty line.
    [GeneratedRegex(@"^Package: systemd\n(?:.+\n)*?Version: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Package();

    [GeneratedRegex(@"\Alibsystemd-shared-([0-9].*)\.so\z")]
    private static partial Regex Library();
}
