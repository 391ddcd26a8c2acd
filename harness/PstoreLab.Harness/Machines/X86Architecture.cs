using System.Globalization;
using System.Text.RegularExpressions;
using Processor = System.Runtime.InteropServices.Architecture;

namespace PstoreLab.Harness.Machines;

/// <summary>x86-64.</summary>
internal sealed partial class X86Architecture : IArchitecture
{
    // kexec_file_load(2) and kexec-tools pass to a capture kernel, and to no other, where the dump's headers are
    // (arch/x86/kernel/kexec-bzimage64.c, 5.10 to 7.2).
    private const string CommandLine = " Command line: ";
    private const string DumpHeaders = " elfcorehdr=";

    /// <summary>EFLAGS.IF.</summary>
    private const int InterruptsOn = 1 << 9;

    public string Name => "x86-64";

    public Processor Processor => Processor.X64;

    public string Debian => "amd64";

    public string Kbuild => "x86_64";

    public string KernelTarget => "bzImage";

    public IReadOnlyList<string> KernelsInTree { get; } = ["arch/x86/boot/bzImage", "arch/x86_64/boot/bzImage"];

    public string Multiarch => "x86_64-linux-gnu";

    public string CrossCompilerPackage => "gcc-x86-64-linux-gnu";

    public string Loader => "ld-linux-x86-64.so.2";

    // EM_X86_64.
    public int ElfMachine => 62;

    // ENDBR64, where CPUs with indirect branch tracking must land, and UD2.
    public ReadOnlyMemory<byte> InvalidFunction { get; } = new byte[] { 0xf3, 0x0f, 0x1e, 0xfa, 0x0f, 0x0b };

    public string KernelBanner => "Linux version ";

    public string SecondLine => CommandLine.TrimStart();

    public bool IsOfCaptureKernel(string second) =>
        second.Contains(CommandLine, StringComparison.Ordinal)
        && second.Contains(DumpHeaders, StringComparison.Ordinal);

    public bool IsOops(string line) => Oops().IsMatch(line);

    public bool AreHalted(string registers)
    {
        var processors = Flags().Matches(registers);
        return processors.Count > 0
            && processors.All(processor =>
                processor.Groups["halted"].Value == "1"
                && (
                    int.Parse(processor.Groups["flags"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    & InterruptsOn
                ) == 0
            );
    }

    // As printed by arch/x86/mm/fault.c and arch/x86/kernel/{traps,dumpstack}.c, 5.10 to 7.2.
    [GeneratedRegex(@"Oops: [0-9a-f]{4}|Oops: \w+|general protection fault[,:]|double fault")]
    private static partial Regex Oops();

    [GeneratedRegex(@"\b[ER]FL=(?<flags>[0-9a-f]+) .*\bHLT=(?<halted>[01])")]
    private static partial Regex Flags();
}
