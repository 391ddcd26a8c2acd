using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Modules;

namespace PstoreLab.Harness.Crashes;

/// <summary>
/// An oops that costs one process: the kernel prints a trace, writes its record and continues. No distribution's kernel
/// has LKDTM, so a module of that very kernel is loaded whose first instruction is invalid (<see cref="OopsModule"/>).
/// </summary>
internal sealed class OopsCrash : ICrashTrigger
{
    public string Name => "oops";

    public string Summary => "invalid opcode in a module; the kernel survives (without panic_on_oops)";

    public string Request => "oops";

    // oops_exit() in kernel/panic.c prints it right before it has the record written, 5.10 to 7.2.
    public string ConsolePattern => "---[ end trace";

    public bool Survived => true;

    public string? LackOf(Kernel kernel) =>
        OopsModule.DonorOf(kernel) is null
            ? $"module that an oops can be made of ({string.Join(" or ", OopsModule.Donors)})"
            : null;
}
