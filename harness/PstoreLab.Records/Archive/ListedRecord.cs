namespace PstoreLab.Records.Archive;

/// <summary>
/// A record file as <c>/sys/fs/pstore</c> shows it. Two of one name may differ: backends with few places name what they
/// keep anew at every boot.
/// </summary>
/// <param name="Name">Its file name.</param>
/// <param name="Content">All of it, one character a byte, see <see cref="RecordText"/>.</param>
public sealed record ListedRecord(RecordName Name, string Content)
{
    public ListedRecord(RecordName name, ReadOnlySpan<byte> content)
        : this(name, RecordText.FromBytes(content)) { }

    /// <summary>The records of a listing, such as one of <see cref="Stores.PstoreListing"/>.</summary>
    /// <exception cref="RecordFormatException">A name is none that pstore gives.</exception>
    public static IEnumerable<ListedRecord> Of(IEnumerable<KeyValuePair<string, byte[]>> listing) =>
        listing.Select(file => new ListedRecord(RecordName.Parse(file.Key), file.Value));

    internal DumpPart AsPart() => DumpPart.Parse(Name, RecordText.ToBytes(Content));
}
