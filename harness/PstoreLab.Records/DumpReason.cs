namespace PstoreLab.Records;

/// <summary>
/// Words for the reason of a dump in its header (<c>get_reason_str</c> in fs/pstore/platform.c to 5.7;
/// <c>kmsg_dump_reason_str</c> in kernel/printk/printk.c since 5.8, where <see cref="Shutdown"/> replaced
/// <see cref="Restart"/>, <see cref="Halt"/> and <see cref="Poweroff"/>).
/// </summary>
public static class DumpReason
{
    /// <summary>KMSG_DUMP_PANIC: the kernel panicked.</summary>
    public const string Panic = "Panic";

    /// <summary>KMSG_DUMP_OOPS: the kernel hit an oops, and perhaps survived it.</summary>
    public const string Oops = "Oops";

    /// <summary>KMSG_DUMP_EMERG: an emergency restart.</summary>
    public const string Emergency = "Emergency";

    /// <summary>KMSG_DUMP_SHUTDOWN: a restart, halt or power-off, since 5.8.</summary>
    public const string Shutdown = "Shutdown";

    /// <summary>KMSG_DUMP_RESTART: a restart, to 5.7.</summary>
    public const string Restart = "Restart";

    /// <summary>KMSG_DUMP_HALT: a halt, to 5.7.</summary>
    public const string Halt = "Halt";

    /// <summary>KMSG_DUMP_POWEROFF: a power-off, to 5.7.</summary>
    public const string Poweroff = "Poweroff";

    /// <summary>A reason without a word of its own.</summary>
    public const string Unknown = "Unknown";
}
