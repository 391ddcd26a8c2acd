using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Kernels;

/// <summary>One line of the catalogue: which package a kernel's name stands for.</summary>
/// <param name="Name">What scenarios call it, such as <c>debian-6.1</c>.</param>
/// <param name="Kind">How the package is used.</param>
/// <param name="Suite">The Debian suite it comes from, such as <c>bookworm</c>.</param>
/// <param name="Package">Matches the whole name of its package; the newest version among the matches is taken.</param>
/// <param name="Origin">Where it is written, <c>file:line:column</c>, for messages.</param>
public sealed record KernelEntry(string Name, KernelKind Kind, string Suite, Regex Package, string Origin)
{
    /// <summary>The one version that is meant; null for the newest.</summary>
    public string? Version { get; init; }
}

/// <summary>How a kernel comes out of a package.</summary>
public enum KernelKind
{
    /// <summary>The package has it, as the distribution built it.</summary>
    Packaged,

    /// <summary>The package has its source; it is built here, with the options of <c>images/lab-kernels/</c>.</summary>
    Built,
}
