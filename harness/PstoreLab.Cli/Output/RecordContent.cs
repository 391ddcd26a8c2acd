using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Pmsg;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>What is in a record, wherever it is from: a store, or a file of its own.</summary>
/// <param name="Label">What a person calls it.</param>
/// <param name="Unpacked">Its content as it is.</param>
/// <param name="Marks">Its text, and what of it is damaged.</param>
internal sealed record RecordContent(string Label, RecordName Name, DecompressedPayload Unpacked, DamageMarks Marks)
{
    /// <summary>
    /// The piece of a dump that it is, with the marks of its damage. Its name may say compressed, and what is read here
    /// is not.
    /// </summary>
    public DumpPart Part { get; } =
        DumpPart.Parse(Name with { Compressed = false }, Marks.Text.Span) with
        {
            Name = Name,
        };

    /// <summary>What it says, with marks: of Android's entries in pmsg the lines of logcat.</summary>
    public string Text =>
        (Name.Type == RecordType.Pmsg && Marks.Where is null ? AndroidLog.ToText(Marks.Text.Span) : null)
        ?? RecordText.FromBytes(Marks.Text.Span);

    public static RecordContent Of(StoredRecord record) =>
        new(
            record.Name.ToString(),
            record.Name,
            record.Decompressed,
            DamageMarks.Of(record.Name, record.Decompressed, record.Lost)
        );

    /// <summary>Files of one name are called by their paths.</summary>
    public static IReadOnlyList<RecordContent> Of(IReadOnlyList<RecordFile> files)
    {
        var several = files.GroupBy(file => file.Label).Where(same => same.Skip(1).Any()).Select(same => same.Key);
        var ambiguous = several.ToHashSet();
        return
        [
            .. files.Select(file => Of(file) with { Label = ambiguous.Contains(file.Label) ? file.Path : file.Label }),
        ];
    }

    public static RecordContent Of(RecordFile file) =>
        new(
            file.Label,
            file.Name,
            file.Decompressed,
            DamageMarks.Of(file.Name, file.Decompressed, [], file.Ecc?.UnrecoverableBlocks ?? 0)
        );

    /// <summary>The dumps that records make.</summary>
    /// <param name="records">Of any type and one state: an erased piece is no part of a live dump.</param>
    public static IReadOnlyList<Dump> Dumps(IEnumerable<RecordContent> records) =>
        Reassembly.AssembleByName(
            records
                .Where(record => record.Name.Type == RecordType.Dmesg && record.Marks.Text.Length > 0)
                .Select(record => record.Part)
        );
}
