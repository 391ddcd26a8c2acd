namespace PstoreLab.Harness.Crashes;

/// <summary>
/// The magic SysRq key's crash (drivers/tty/sysrq.c, <c>sysrq_handle_crash</c>): <c>panic("sysrq triggered crash")</c>.
/// </summary>
internal sealed class SysrqCrash : ICrashTrigger
{
    public string Name => "sysrq-c";

    public string Summary => "panic by the magic SysRq key";

    public string Request => "sysrq c";

    public string ConsolePattern => CrashCatalogue.Panic;
}
