using System.Runtime.CompilerServices;
using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Pmsg;
using PstoreLab.Records.Salvage;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>What is in a record, wherever it is from: a store, or a file of its own.</summary>
/// <param name="Label">What a person calls it.</param>
/// <param name="Unpacked">Its content as it is.</param>
/// <param name="Marks">Its text, and what of it is damaged.</param>
internal sealed record RecordContent(string Label, RecordName Name, DecompressedPayload Unpacked, DamageMarks Marks)
{
    public static readonly TimeSpan LongestSalvage = TimeSpan.FromSeconds(10);

    // To read on behind damage takes seconds, and each record is asked for more than once.
    private static readonly ConditionalWeakTable<object, RecordContent> Known = [];

    /// <summary>The text behind its damage, as far as it can be made out; null for nothing.</summary>
    public Reconstruction? Reconstruction { get; private init; }

    /// <summary>
    /// The piece of a dump that it is, with the marks of its damage. Its name may say compressed, and what is read here
    /// is not.
    /// </summary>
    public DumpPart Part { get; } =
        DumpPart.Parse(Name with { Compressed = false }, Marks.Text.Span) with
        {
            Name = Name,
        };

    /// <summary>Whether that was searched for as long as it may be, and no end was in sight.</summary>
    public bool ReconstructionEnded { get; private init; }

    /// <summary>The calls in an ftrace zone of a store; null for any other record.</summary>
    public IReadOnlyList<FtraceEntry>? Calls { get; private init; }

    /// <summary>
    /// What it says, with marks: of Android's entries in pmsg the lines of logcat, of ftrace a line for each call.
    /// </summary>
    public string Text =>
        (Calls is { } calls ? FtraceLog.ToText(calls) : null)
        ?? (Name.Type == RecordType.Pmsg && Marks.Where is null ? AndroidLog.ToText(Marks.Text.Span) : null)
        ?? RecordText.FromBytes(Marks.Text.Span);

    public static RecordContent Of(StoredRecord record) =>
        Known.GetValue(
            record,
            _ =>
                Made(record.Name.ToString(), record.Name, record.Payload, record.Decompressed, record.Lost, 0) with
                {
                    Calls = record.FtraceFormat is null ? null : record.Calls,
                }
        );

    public static RecordContent Of(RecordFile file) =>
        Known.GetValue(
            file,
            _ => Made(file.Label, file.Name, file.Payload, file.Decompressed, [], file.Ecc?.UnrecoverableBlocks ?? 0)
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

    /// <summary>The dumps that records make.</summary>
    /// <param name="records">Of any type and one state: an erased piece is no part of a live dump.</param>
    public static IReadOnlyList<Dump> Dumps(IEnumerable<RecordContent> records) =>
        Reassembly.AssembleByName(
            records
                .Where(record => record.Name.Type == RecordType.Dmesg && record.Marks.Text.Length > 0)
                .Select(record => record.Part)
        );

    private static RecordContent Made(
        string label,
        RecordName name,
        ReadOnlyMemory<byte> payload,
        DecompressedPayload unpacked,
        IReadOnlyList<LostRange> lost,
        int unknownBlocks
    )
    {
        var marks = DamageMarks.Of(name, unpacked, lost, unknownBlocks);
        var (reconstruction, ended) = name.Type == RecordType.Dmesg ? Reconstructed(payload, unpacked, lost) : default;
        // A stream may come to its end in spite of a wrong bit, with a text that is none.
        if (reconstruction is not null && marks.Where is null)
            marks = marks with { Where = "its text ceases to be a log, as behind a wrong bit" };
        return new RecordContent(label, name, unpacked, marks)
        {
            Reconstruction = reconstruction,
            ReconstructionEnded = ended,
        };
    }

    private static (Reconstruction? Made, bool Ended) Reconstructed(
        ReadOnlyMemory<byte> payload,
        DecompressedPayload unpacked,
        IReadOnlyList<LostRange> lost
    )
    {
        if (unpacked.Method != CompressionMethod.Deflate && unpacked.Method != CompressionMethod.Zlib)
            return default;
        using var limit = new CancellationTokenSource(LongestSalvage);
        try
        {
            return (DeflateSalvage.Of(payload, lost, limit.Token), false);
        }
        catch (OperationCanceledException)
        {
            return (null, true);
        }
    }
}
