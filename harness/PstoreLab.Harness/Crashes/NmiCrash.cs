using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Crashes;

/// <summary>
/// A non-maskable interrupt that nobody claims, as from the button of a server: <c>unknown_nmi_error</c> in
/// arch/x86/kernel/nmi.c panics if <c>unknown_nmi_panic</c> is set, 5.10 to 7.2.
/// </summary>
internal sealed class NmiCrash : ICrashTrigger
{
    public string Name => "nmi";

    public string Summary => "panic by a non-maskable interrupt of unknown reason";

    public string Request => "nmi";

    public string ConsolePattern => CrashCatalogue.Panic;

    public TriggerSource Cause => TriggerSource.Monitor;

    public MachineFeature? Needs => MachineFeature.NonMaskableInterrupt;

    public IReadOnlyDictionary<string, string> Parameters { get; } =
        new Dictionary<string, string> { ["unknown_nmi_panic"] = "" };
}
