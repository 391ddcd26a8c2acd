namespace PstoreLab.Records.Stores;

/// <summary>What has become of a record in its store.</summary>
public enum RecordState
{
    /// <summary>A kernel that finds this store shows the record in <c>/sys/fs/pstore</c>.</summary>
    Live,

    /// <summary>It was erased, or replaced, and its bytes are still there.</summary>
    Deleted,

    /// <summary>A kernel passes over it; <see cref="StoredRecord.Faults"/> says why.</summary>
    Invalid,
}
