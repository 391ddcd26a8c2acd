namespace PstoreLab.Records.Blk;

/// <summary>
/// Names of pstore_blk's module parameters, as <see cref="Stores.StoreOptions.Parameters"/> takes them. Their values
/// are in KiB (fs/pstore/blk.c, 5.10 to 7.2).
/// </summary>
public static class PstoreBlkParameters
{
    /// <summary>Size of one dump zone, in KiB.</summary>
    public const string KmsgSize = "pstore_blk.kmsg_size";

    /// <summary>Size of the pmsg zone, in KiB; 0 for none.</summary>
    public const string PmsgSize = "pstore_blk.pmsg_size";

    /// <summary>Size of the console zone, in KiB; 0 for none.</summary>
    public const string ConsoleSize = "pstore_blk.console_size";

    /// <summary>Size of all ftrace zones together, in KiB; 0 for none.</summary>
    public const string FtraceSize = "pstore_blk.ftrace_size";

    /// <summary>
    /// Value of <see cref="KmsgSize"/> where none is given, in KiB: the default of CONFIG_PSTORE_BLK_KMSG_SIZE.
    /// </summary>
    public const int DefaultKmsgSize = 64;
}
