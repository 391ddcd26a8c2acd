using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
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

    public static RecordContent Of(RecordFile file) => new(Path.GetFileName(file.Path), file.Name, file.Decompressed);

    /// <summary>The dumps that records make.</summary>
    /// <param name="records">Of any type and one state: an erased piece is no part of a live dump.</param>
    public static IReadOnlyList<Dump> Dumps(IEnumerable<RecordContent> records) =>
        Reassembly.Assemble(
            records
                .Where(record => record.Name.Type == RecordType.Dmesg && record.Decompressed.Bytes.Length > 0)
                .Select(record => record.Part)
        );
}
