using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Pmsg;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>What is in a record, wherever it is from: a store, or a file of its own.</summary>
/// <param name="Label">What a person calls it.</param>
internal sealed record RecordContent(string Label, RecordName Name, DecompressedPayload Decompressed)
{
    /// <summary>The piece of a dump that it is. Its name may say compressed, and what is read here is not.</summary>
    public DumpPart Part { get; } =
        DumpPart.Parse(Name with { Compressed = false }, Decompressed.Bytes.Span) with
        {
            Name = Name,
        };

    public static RecordContent Of(StoredRecord record) =>
        new(record.Name.ToString(), record.Name, record.Decompressed);

    /// <summary>Files of one name are called by their paths.</summary>
    public static IReadOnlyList<RecordContent> Of(IReadOnlyList<RecordFile> files)
    {
        var several = files.GroupBy(file => file.Label).Where(same => same.Skip(1).Any()).Select(same => same.Key);
        var ambiguous = several.ToHashSet();
        return
        [
            .. files.Select(file => new RecordContent(
                ambiguous.Contains(file.Label) ? file.Path : file.Label,
                file.Name,
                file.Decompressed
            )),
        ];
    }

    /// <summary>The dumps that records make.</summary>
    /// <param name="records">Of any type and one state: an erased piece is no part of a live dump.</param>
    public static IReadOnlyList<Dump> Dumps(IEnumerable<RecordContent> records) =>
        Reassembly.AssembleByName(
            records
                .Where(record => record.Name.Type == RecordType.Dmesg && record.Decompressed.Bytes.Length > 0)
                .Select(record => record.Part)
        );

    /// <summary>What a record says, one character a byte: of Android's entries in pmsg the lines of logcat.</summary>
    public static string TextOf(RecordName name, DecompressedPayload content) =>
        (name.Type == RecordType.Pmsg ? AndroidLog.ToText(content.Bytes.Span) : null)
        ?? RecordText.FromBytes(content.Bytes.Span);
}
