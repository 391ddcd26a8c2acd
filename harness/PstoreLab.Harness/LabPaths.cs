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

    /// <summary>The user's own scenarios, in the same layout, beside the shipped ones; null for none.</summary>
    public string? OwnScenarios { get; init; }

    /// <summary>The user's own list of kernels, beside the shipped one; null for none.</summary>
    public string? OwnKernels { get; init; }

    /// <summary>Runs, one folder each.</summary>
    public string Out => Path.Combine(Root, "out");
}
