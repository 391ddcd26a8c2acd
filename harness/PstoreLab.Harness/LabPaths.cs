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

    /// <summary>The user's own scenarios, in the same layout, beside the shipped ones; null for none.</summary>
    public string? OwnScenarios { get; init; }

    /// <summary>Whether a file lies in a folder of scenarios, so that a case of it has a name of its own.</summary>
    public bool IsScenario(string file) =>
        new[] { Scenarios, OwnScenarios }
            .OfType<string>()
            .Any(folder => Path.GetFullPath(file).StartsWith($"{folder}/", StringComparison.Ordinal));

    /// <summary>The user's own list of kernels, beside the shipped one; null for none.</summary>
    public string? OwnKernels { get; init; }

    /// <summary>Runs, one folder each.</summary>
    public string Out { get; init; } = Path.Combine(Root, "out");
}
