namespace PstoreLab.Records.Stores;

/// <summary>State of a record in its store.</summary>
public enum RecordState
{
    /// <summary>A kernel with this store shows the record in <c>/sys/fs/pstore</c>.</summary>
    Live,

    /// <summary>The record was erased or replaced, and its bytes are still there.</summary>
    Deleted,

    /// <summary>A kernel skips the record; <see cref="StoredRecord.Faults"/> has the reason.</summary>
    Invalid,
}
