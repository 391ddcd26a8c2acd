using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>Kernels that a command line names, and a lab that can boot them.</summary>
internal sealed record ChosenKernels(Lab Lab, IReadOnlyList<KernelChoice> Kernels)
{
    public static async Task<ChosenKernels> ReadAsync(
        IEnumerable<string> words,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var lab = new Lab(Checkout.Find(), TimeProvider.System, progress);
        var kernels = await InAsync(lab, words, modules: null, cancellation);
        var named = Named(kernels);
        return new ChosenKernels(
            named.Entries.Count + named.UserSupplied.Count == 0
                ? lab
                : new Lab(lab.Paths, TimeProvider.System, progress, named: named),
            kernels
        );
    }

    /// <summary>What the words mean, in their order; two builds of one release have names of their own.</summary>
    /// <param name="modules">The folder of a user-supplied kernel's modules; null to look for them beside it.</param>
    /// <exception cref="Harness.Faults.UsageException">A word means no kernel.</exception>
    public static async Task<IReadOnlyList<KernelChoice>> InAsync(
        Lab lab,
        IEnumerable<string> words,
        string? modules,
        CancellationToken cancellation
    )
    {
        var choices = new KernelChoices(
            lab.Catalogue,
            new SuiteKernels(lab.Archive, new VersionOrder(lab.Runner), Lab.Machine.Architecture),
            (word, token) => Lab.ImportInto(lab.Paths).ImportAsync(UserKernel.Parse(word, modules), token)
        );
        var kernels = new List<KernelChoice>();
        foreach (string word in words)
            kernels.AddRange(await choices.ReadAsync(word, cancellation));
        return UserKernels.Apart(kernels);
    }

    /// <summary>Those of them that the catalogue does not have.</summary>
    public static NamedKernels Named(IReadOnlyList<KernelChoice> kernels) =>
        new(
            [.. kernels.Select(kernel => kernel.UserSupplied).OfType<Kernel>()],
            [.. kernels.Select(kernel => kernel.Entry).OfType<KernelEntry>()]
        );

    /// <summary>
    /// The version of a kernel that is on this machine already; null for one that is still to be fetched.
    /// </summary>
    public string? VersionHere(KernelChoice kernel) =>
        kernel.UserSupplied?.Release ?? Lab.Kernels.Find(kernel.Name)?.Version;
}
