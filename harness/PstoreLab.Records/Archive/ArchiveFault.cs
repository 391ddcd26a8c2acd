namespace PstoreLab.Records.Archive;

/// <summary>What can be wrong with an archive.</summary>
public enum ArchiveFault
{
    /// <summary>
    /// A dump of several parts is there as record files only: no <c>dmesg.txt</c> has anything of it.
    /// </summary>
    NotReassembled,

    /// <summary>The parts of one dump are in several <c>dmesg.txt</c>, none of which has them all.</summary>
    Split,

    /// <summary>A <c>dmesg.txt</c> of a dump has something else in it as well.</summary>
    Merged,

    /// <summary>Between the parts of a dump in its <c>dmesg.txt</c> stands something else.</summary>
    Interleaved,

    /// <summary>A <c>dmesg.txt</c>, or all of them together, have a part more than once.</summary>
    Repeated,

    /// <summary>A <c>dmesg.txt</c> has a newer part before an older one.</summary>
    OutOfOrder,

    /// <summary>A part in <c>dmesg.txt</c>, or a record file, is not what it was, byte for byte.</summary>
    Altered,

    /// <summary>A dump has a <c>dmesg.txt</c>, but of its parts not all are in any.</summary>
    Incomplete,

    /// <summary>The record file of one record has been replaced by another of its name.</summary>
    Overwritten,

    /// <summary>The archive has a record in no form, neither as its file nor in a <c>dmesg.txt</c>.</summary>
    Lost,

    /// <summary>A record has no file of its own; its text is in a <c>dmesg.txt</c>.</summary>
    TextOnly,

    /// <summary>The same record file is there in several places.</summary>
    Duplicated,

    /// <summary>A record file, or a piece of a <c>dmesg.txt</c>, is none of the records that were there.</summary>
    Unaccounted,

    /// <summary>Others may read or change what only root should.</summary>
    TooPermissive,
}
