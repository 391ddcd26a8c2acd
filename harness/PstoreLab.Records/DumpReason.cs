namespace PstoreLab.Records;

/// <summary>
/// Why a dump was made, as its first line says (<c>get_reason_str</c> in fs/pstore/platform.c to 5.7,
/// <c>kmsg_dump_reason_str</c> in kernel/printk/printk.c since 5.8, where <see cref="Shutdown"/> took the place of
/// Restart, Halt and Poweroff).
/// </summary>
public static class DumpReason
{
    public const string Panic = "Panic";
    public const string Oops = "Oops";
    public const string Emergency = "Emergency";
    public const string Shutdown = "Shutdown";
    public const string Restart = "Restart";
    public const string Halt = "Halt";
    public const string Poweroff = "Poweroff";
    public const string Unknown = "Unknown";
}
