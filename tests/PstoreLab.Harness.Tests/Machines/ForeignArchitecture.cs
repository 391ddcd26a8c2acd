using System.Runtime.InteropServices;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Tests.Machines;

/// <summary>An architecture that no host of these tests is of.</summary>
internal sealed class ForeignArchitecture : IArchitecture
{
    public string Name => "foreign";

    public Architecture Processor =>
        RuntimeInformation.OSArchitecture == Architecture.S390x ? Architecture.X86 : Architecture.S390x;

    public string Debian => "foreign64";

    public string Kbuild => "foreign";

    public string KernelTarget => "Image";

    public IReadOnlyList<string> KernelsInTree => ["arch/foreign/boot/Image"];

    public string Multiarch => "foreign-linux-gnu";

    public string CrossCompilerPackage => "gcc-foreign-linux-gnu";

    public string Loader => "ld-linux-foreign.so.1";

    public int ElfMachine => 0x7777;

    public ReadOnlyMemory<byte> InvalidFunction { get; } = new byte[4];

    public string KernelBanner => "Booting Linux on ";

    public string SecondLine => "";

    public bool IsOfCaptureKernel(string second) => second.Contains("captured", StringComparison.Ordinal);

    public bool IsOops(string line) => line.Contains("Internal error", StringComparison.Ordinal);

    public bool AreHalted(string registers) => false;
}
