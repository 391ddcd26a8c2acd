namespace PstoreLab.Harness.Crashes;

/// <summary>
/// An end that is no crash, and that pstore records all the same: <c>kmsg_dump</c> in kernel/reboot.c, with
/// KMSG_DUMP_SHUTDOWN after the line that says what comes, or with KMSG_DUMP_EMERG for a restart at once, 5.10 to 7.2.
/// Whether a record is written is for <c>max_reason</c> and <c>printk.always_kmsg_dump</c> to say.
/// </summary>
/// <param name="lastLine">The kernel's last line before it calls <c>kmsg_dump</c>.</param>
internal sealed class OrderlyEnd(string name, string summary, string request, string lastLine, CrashEnd end)
    : ICrashTrigger
{
    public static IReadOnlyList<OrderlyEnd> All { get; } =
    [
        new("reboot", "no crash: the guest is restarted", "reboot", "reboot: Restarting system", CrashEnd.Reset),
        new(
            "emergency-restart",
            "no crash: restarted at once by the magic SysRq key",
            "sysrq b",
            "sysrq: Resetting",
            CrashEnd.Reset
        ),
        new("halt", "no crash: the guest is halted", "halt", "reboot: System halted", CrashEnd.Halt),
        new("poweroff", "no crash: the guest is switched off", "poweroff", "reboot: Power down", CrashEnd.PowerOff),
    ];

    public string Name => name;

    public string Summary => summary;

    public string Request => request;

    public string ConsolePattern => lastLine;

    public string LastLine => lastLine;

    public CrashEnd End => end;
}
