namespace PstoreLab.Harness;

/// <summary>Where things lie, all absolute.</summary>
/// <param name="Root">The checkout: the folder with <c>images/</c> and <c>scenarios/</c>.</param>
public sealed record LabPaths(string Root)
{
    /// <summary>What guests are made of, under version control.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>
    /// Kernels, initramfs images and what was learnt about this machine: may be deleted at any time, costs only time.
    /// </summary>
    public string Cache => Path.Combine(Images, ".cache");

    /// <summary>The shipped scenarios, one folder per family.</summary>
    public string Scenarios => Path.Combine(Root, "scenarios");

    /// <summary>Runs, one folder each.</summary>
    public string Out => Path.Combine(Root, "out");
}
