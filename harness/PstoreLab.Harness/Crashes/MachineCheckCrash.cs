using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Crashes;

/// <summary>
/// A machine check that cannot be corrected: the processor says so, and <c>mce_panic</c>
/// (arch/x86/kernel/cpu/mce/core.c, 5.10 to 7.2) has it written to ERST, where there is one, as a record of its own
/// before it panics.
/// </summary>
internal sealed class MachineCheckCrash : ICrashTrigger
{
    public string Name => "mce";

    public string Summary => "panic by a machine check that cannot be corrected";

    // To all processors, on bank 1: status (valid, uncorrected, enabled, MISC and ADDR valid, context corrupt),
    // MCG_STATUS, address, misc.
    public string Request => "mce -b 0 1 0xbe00000000800400 0x5 0x1234 0x8c";

    public string ConsolePattern => CrashCatalogue.Panic;

    public TriggerSource Cause => TriggerSource.Monitor;

    public MachineFeature? Needs => MachineFeature.MachineCheck;

    public IReadOnlyList<string> RequiredOptions => ["CONFIG_X86_MCE"];
}
