namespace PstoreLab.Harness;

/// <summary>Where things lie, all absolute.</summary>
/// <param name="Root">The folder with <c>images/</c> and <c>scenarios/</c>: a checkout, or what was installed.</param>
public sealed record LabPaths(string Root)
{
    /// <summary>What guests are made of, under version control.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>
    /// Kernels, initramfs images and what was learnt about this machine: may be deleted at any time, costs only time.
    /// </summary>
    public string Cache { get; init; } = Path.Combine(Root, "images", ".cache");

    /// <summary>The shipped scenarios, one folder per family.</summary>
    public string Scenarios => Path.Combine(Root, "scenarios");

    /// <summary>Runs, one folder each.</summary>
    public string Out { get; init; } = Path.Combine(Root, "out");
}
