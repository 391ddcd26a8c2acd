using Processor = System.Runtime.InteropServices.Architecture;

namespace PstoreLab.Harness.Machines;

/// <summary>
/// All that is particular to a processor architecture: its names in Debian, Kbuild and toolchains, and how its kernels
/// show on a console.
/// </summary>
public interface IArchitecture
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>A host of it runs its guests under KVM and compiles its kernels natively.</summary>
    Processor Processor { get; }

    /// <summary>Debian's name for it, of packages and of the plain kernel flavour.</summary>
    string Debian { get; }

    /// <summary>Kbuild's name for it: <c>ARCH=</c>.</summary>
    string Kbuild { get; }

    /// <summary>The Kbuild target of the kernel image that is installed.</summary>
    string KernelTarget { get; }

    /// <summary>
    /// Where that target is in a built kernel tree: first the place itself, then what may lead there.
    /// </summary>
    IReadOnlyList<string> KernelsInTree { get; }

    /// <summary>Debian's multiarch name: a folder of libraries, and the prefix of a cross compiler.</summary>
    string Multiarch { get; }

    /// <summary>The Debian package of a cross compiler for it.</summary>
    string CrossCompilerPackage { get; }

    /// <summary>The file name of the dynamic loader (System V ABI of the architecture).</summary>
    string Loader { get; }

    /// <summary><c>e_machine</c> of its ELF files (elf.h).</summary>
    int ElfMachine { get; }

    /// <summary>The beginning of a function whose first instruction is an exception: an oops in the kernel.</summary>
    ReadOnlyMemory<byte> InvalidFunction { get; }

    /// <summary>How the line begins, behind its time, that says which kernel boots.</summary>
    string KernelBanner { get; }

    /// <summary>How the line behind it begins: a program may print the first one alone.</summary>
    string SecondLine { get; }

    /// <summary>Whether it is a capture kernel's.</summary>
    /// <param name="second">The line behind <see cref="KernelBanner"/>.</param>
    bool IsOfCaptureKernel(string second);

    /// <summary>
    /// Whether a console line is the first of an oops as only kernels of this architecture print it; what all print is
    /// known elsewhere.
    /// </summary>
    bool IsOops(string line);

    /// <summary>
    /// Whether all processors are halted with interrupts off, so that nothing but a reset wakes them; false where it
    /// reports no processor.
    /// </summary>
    /// <param name="registers">What QEMU answers to <c>info registers -a</c>.</param>
    bool AreHalted(string registers);

    /// <summary>Whether this host is of it.</summary>
    bool IsHosts => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == Processor;

    /// <summary>The prefix of the compiler for it on this host; empty where that is the host's own.</summary>
    string CompilerPrefix => IsHosts ? "" : $"{Multiarch}-";
}
