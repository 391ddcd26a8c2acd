using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>What an archiver promises, or what anybody would expect of it.</summary>
public enum ArchiveProperty
{
    /// <summary>Every record is in the archive, as its file or as part of a text.</summary>
    NothingLost,

    /// <summary>Every record has its own file, byte for byte, once, and there is no other.</summary>
    RecordsKept,

    /// <summary>Every dump of several parts is in a <c>dmesg.txt</c>, all of it.</summary>
    Reassembled,

    /// <summary>No dump is over several <c>dmesg.txt</c>.</summary>
    NotSplit,

    /// <summary>No <c>dmesg.txt</c> has two dumps.</summary>
    NotMerged,

    /// <summary>Older parts come before newer ones.</summary>
    InOrder,

    /// <summary>The text is that of the records.</summary>
    TextUnaltered,

    /// <summary>No part is in a <c>dmesg.txt</c> twice.</summary>
    NotRepeated,

    /// <summary>Records are root's alone, and no text is open to others.</summary>
    ModesClosed,

    /// <summary>With Unlink=yes nothing is left in the store.</summary>
    StoreFreed,

    /// <summary>With Unlink=no the store is as it was.</summary>
    StoreKept,

    /// <summary>What else lies in the archive is as it was.</summary>
    ForeignKept,

    /// <summary>It ends with 0 and prints no diagnostic.</summary>
    NoComplaint,

    /// <summary>The archive is the one that a set of the user's own expects.</summary>
    AsExpected,
}

/// <summary>One thing that an archiver did wrong.</summary>
/// <param name="Text">For a person.</param>
/// <param name="Finding">Of the archive; null where it is about the store, foreign files or messages.</param>
public sealed record ArchiverFault(ArchiveProperty Property, string Text, ArchiveFinding? Finding = null)
{
    public ArchiveFault? Fault => Finding?.Fault;
}
