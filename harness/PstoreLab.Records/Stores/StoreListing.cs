namespace PstoreLab.Records.Stores;

/// <summary>
/// What a kernel makes of the stores of one format: the backend's name, the order and the limits of its listing, and
/// which parts are one dump. Implementations have no state and stand beside their decoder.
/// </summary>
internal abstract class StoreListing
{
    /// <summary>Names of the backend in file names, of all kernels.</summary>
    public abstract IReadOnlyList<string> Backends { get; }

    /// <summary>Whether all ftrace zones make one file.</summary>
    public virtual bool MergesFtrace => false;

    /// <summary>Name of the backend in the file names of one kernel.</summary>
    public abstract string Backend(Version reader);

    /// <summary>The records that the kernel tries to read, in the order in which it reads them.</summary>
    public virtual IEnumerable<StoredRecord> InReadingOrder(DecodedStore store, Version reader) => store.Records;

    /// <summary><c>psinfo->bufsize</c>, in bytes; null where the options do not determine it.</summary>
    public abstract long? BufferSize(DecodedStore store, Version reader);

    /// <summary>Text that the backend puts before a record as it reads it.</summary>
    public virtual string Heading(StoredRecord record) => "";

    /// <summary>The dumps of parts that have one backend, one reason and one count.</summary>
    public abstract IEnumerable<List<DumpPart>> Dumps(IEnumerable<DumpPart> sameHeader);

    /// <summary>The place of a part without a header, by its name.</summary>
    /// <param name="name">The name. Names come in ascending order of their ids.</param>
    /// <param name="dumps">The dumps of the same backend so far.</param>
    /// <returns>The dump that it is a part of, or null for a new one, and its number there; null where the name does
    /// not say it.</returns>
    public virtual (List<DumpPart>? Dump, uint Number)? PlaceByName(
        RecordName name,
        IEnumerable<List<DumpPart>> dumps
    ) => null;
}
