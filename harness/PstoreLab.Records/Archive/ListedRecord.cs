namespace PstoreLab.Records.Archive;

/// <summary>
/// A record file as <c>/sys/fs/pstore</c> shows it. Names are not unique: ramoops and pstore_blk use the number of a
/// zone again after it was erased.
/// </summary>
/// <param name="Name">Its file name.</param>
/// <param name="Content">All of its content, one character a byte; see <see cref="RecordText"/>.</param>
public sealed record ListedRecord(RecordName Name, string Content)
{
    /// <summary>Makes a record of the bytes of its file.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="content">All of its bytes.</param>
    public ListedRecord(RecordName name, ReadOnlySpan<byte> content)
        : this(name, RecordText.FromBytes(content)) { }

    /// <summary>Makes the records of a listing, such as the one of <see cref="Stores.PstoreListing"/>.</summary>
    /// <param name="listing">Content by file name.</param>
    /// <exception cref="RecordFormatException">pstore gives no such name.</exception>
    public static IEnumerable<ListedRecord> FromListing(IEnumerable<KeyValuePair<string, byte[]>> listing) =>
        listing.Select(file => new ListedRecord(RecordName.Parse(file.Key), file.Value));

    internal DumpPart AsPart() => DumpPart.Parse(Name, RecordText.ToBytes(Content));
}
