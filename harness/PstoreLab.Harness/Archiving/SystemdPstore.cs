using System.Globalization;

namespace PstoreLab.Harness.Archiving;

/// <summary>The systemd-pstore of one release, with everything it takes to run it.</summary>
/// <param name="Release">The systemd guest that it is from, such as <c>bookworm</c>.</param>
/// <param name="Version">Of its systemd package, such as <c>252.39-1~deb12u2</c>.</param>
/// <param name="Folder">Program, loader and libraries, all in this one folder.</param>
public sealed record SystemdPstore(string Release, string Version, string Folder)
{
    /// <summary>Name of the program.</summary>
    public const string Program = "systemd-pstore";

    /// <summary>Name of the loader, whatever the release calls it.</summary>
    public const string Loader = "ld.so";

    /// <summary>The version without what packages add, such as 252.</summary>
    public int Systemd => SystemdOf(Version);

    /// <summary>The first number of a package's version.</summary>
    public static int SystemdOf(string version) =>
        int.Parse(string.Concat(version.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
}
