using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;

namespace PstoreLab.Harness.Doctor;

/// <summary>Something that cases need of a kernel.</summary>
/// <param name="Kind">What it is one of.</param>
/// <param name="Name">Its name in scenarios.</param>
/// <param name="Needs">The options without which a kernel does not have it.</param>
/// <param name="Modules">The modules that guests load for it where the kernel has it as modules.</param>
public sealed record KernelFeature(
    KernelFeatureKind Kind,
    string Name,
    IReadOnlyList<NeededOption> Needs,
    IReadOnlyList<string> Modules
)
{
    /// <summary>What else a kernel may lack for it, ending the sentence "there is no"; null when nothing.</summary>
    public Func<Kernel, string?> LackOf { get; init; } = _ => null;
}

/// <summary>What kind of thing cases need.</summary>
public enum KernelFeatureKind
{
    /// <summary>A place to keep records.</summary>
    Backend,

    /// <summary>What is recorded beside dumps of the log.</summary>
    Frontend,

    /// <summary>A method that records are compressed with.</summary>
    Compressor,

    /// <summary>A crash trigger.</summary>
    Crash,

    /// <summary>A guest's user space.</summary>
    Guest,
}
