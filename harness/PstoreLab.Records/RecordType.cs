namespace PstoreLab.Records;

/// <summary>
/// Types of records, as their file names spell them (<c>pstore_type_names</c> in fs/pstore/platform.c, the same from
/// 5.10 to 7.2).
/// </summary>
public static class RecordType
{
    /// <summary>PSTORE_TYPE_DMESG: a part of the kernel log, written at a crash.</summary>
    public const string Dmesg = "dmesg";

    /// <summary>PSTORE_TYPE_MCE: a machine check of x86, in ERST alone.</summary>
    public const string Mce = "mce";

    /// <summary>PSTORE_TYPE_CONSOLE: the end of the console's output.</summary>
    public const string Console = "console";

    /// <summary>PSTORE_TYPE_FTRACE: the last function calls of each CPU.</summary>
    public const string Ftrace = "ftrace";

    /// <summary>PSTORE_TYPE_PMSG: the end of the text that user space wrote to <c>/dev/pmsg0</c>.</summary>
    public const string Pmsg = "pmsg";

    /// <summary>
    /// All types in the order of <c>enum pstore_type_id</c> (include/linux/pstore.h, 5.10 to 7.2), the PowerPC ones
    /// included. Some of those have a dash in their name.
    /// </summary>
    public static IReadOnlyList<string> Known { get; } =
    [Dmesg, Mce, Console, Ftrace, "rtas", "powerpc-ofw", "powerpc-common", Pmsg, "powerpc-opal"];
}
