namespace PstoreLab.Harness.Kernels;

/// <summary>A kernel that was named on a command line.</summary>
/// <param name="Version">The package's version; null where a catalogue entry stands for whatever is newest.</param>
/// <param name="Bytes">What it takes to fetch it; null where that is not known.</param>
/// <param name="Entry">How it is fetched, for kernels that the catalogue does not have; null for the others.</param>
public sealed record KernelChoice(string Name, string? Version, long? Bytes, KernelEntry? Entry)
{
    /// <summary>The kernel itself, where the user brought it along.</summary>
    public Kernel? UserSupplied { get; init; }

    /// <summary>
    /// Separates one kernel of a name from another: a user-supplied one may be built anew in its place.
    /// </summary>
    public string Identity =>
        UserSupplied is null ? Name : $"{Name} {Path.GetFileName(Path.GetDirectoryName(UserSupplied.BzImage))}";
}
