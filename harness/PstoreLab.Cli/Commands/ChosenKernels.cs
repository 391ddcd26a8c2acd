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
        var choices = new KernelChoices(
            lab.Catalogue,
            new SuiteKernels(lab.Archive, new VersionOrder(lab.Runner), Lab.Machine.Architecture),
            (word, token) => Lab.ImportInto(lab.Paths).ImportAsync(UserKernel.Parse(word, modules: null), token)
        );
        var kernels = new List<KernelChoice>();
        foreach (string word in words)
            kernels.AddRange(await choices.ReadAsync(word, cancellation));
        KernelEntry[] more = [.. kernels.Select(kernel => kernel.Entry).OfType<KernelEntry>()];
        Kernel[] supplied = [.. kernels.Select(kernel => kernel.UserSupplied).OfType<Kernel>()];
        var named = new NamedKernels(supplied, more);
        return new ChosenKernels(
            more.Length + supplied.Length == 0 ? lab : new Lab(lab.Paths, TimeProvider.System, progress, named: named),
            kernels
        );
    }

    /// <summary>
    /// The version of a kernel that is on this machine already; null for one that is still to be fetched.
    /// </summary>
    public string? VersionHere(KernelChoice kernel) =>
        kernel.UserSupplied?.Release ?? Lab.Kernels.Find(kernel.Name)?.Version;
}
