namespace PstoreLab.Harness.Rootfs;

/// <summary>One line of the catalogue of systemd guests: where the packages of a root file system come from.</summary>
/// <param name="Name">Its name in the catalogue, such as <c>bookworm-backports</c>.</param>
/// <param name="Suite">The Debian suite, such as <c>bookworm</c>.</param>
/// <param name="SystemdSuite">A second suite, which systemd and nothing else is taken from; null for none.</param>
/// <param name="Version">The version of its systemd, to the first point, which conditions of scenarios go by; null
/// where the catalogue does not say.</param>
public sealed record RootfsEntry(string Name, string Suite, string? SystemdSuite, string? Version = null)
{
    /// <summary>Every suite that packages come from.</summary>
    public IReadOnlyList<string> Suites => SystemdSuite is null ? [Suite] : [Suite, SystemdSuite];
}
