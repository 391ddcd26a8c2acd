namespace PstoreLab.Records.Archive;

/// <summary>Kinds of faults of an archive.</summary>
public enum ArchiveFault
{
    /// <summary>
    /// A dump of several parts has record files only: no <c>dmesg.txt</c> has any of its parts.
    /// </summary>
    NotReassembled,

    /// <summary>The parts of one dump are spread over several <c>dmesg.txt</c>; none has them all.</summary>
    Split,

    /// <summary>The <c>dmesg.txt</c> of a dump has chunks of other dumps as well.</summary>
    Merged,

    /// <summary>The <c>dmesg.txt</c> of a dump has chunks of other dumps between its parts.</summary>
    Interleaved,

    /// <summary>One <c>dmesg.txt</c>, or all of them together, have a part more than once.</summary>
    Repeated,

    /// <summary>A <c>dmesg.txt</c> has a lower part before a higher one: later lines before earlier ones.</summary>
    OutOfOrder,

    /// <summary>A part in <c>dmesg.txt</c>, or a record file, differs from the original.</summary>
    Altered,

    /// <summary>A dump has a <c>dmesg.txt</c>, but some of its parts are in none.</summary>
    Incomplete,

    /// <summary>Another record of the same name replaced a record file.</summary>
    Overwritten,

    /// <summary>A record is missing: it has neither a file nor a place in a <c>dmesg.txt</c>.</summary>
    Lost,

    /// <summary>A record has no file of its own, but its text is in a <c>dmesg.txt</c>.</summary>
    TextOnly,

    /// <summary>Several record files are the same record.</summary>
    Duplicated,

    /// <summary>A record file, or a chunk of a <c>dmesg.txt</c>, is none of the original records.</summary>
    Unaccounted,

    /// <summary>The mode of a file lets more users read or write it than it should.</summary>
    TooPermissive,
}
