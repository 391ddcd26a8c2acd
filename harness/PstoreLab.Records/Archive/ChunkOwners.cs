namespace PstoreLab.Records.Archive;

/// <summary>Which part of which dump a chunk of a <c>dmesg.txt</c> is.</summary>
internal sealed class ChunkOwners
{
    private readonly List<List<ListedRecord>> _records = [];
    private readonly Dictionary<ListedRecord, Owner> _exact = [];

    /// <param name="records">All there are, of which those of other types than dmesg make no dump.</param>
    public ChunkOwners(IEnumerable<ListedRecord> records)
    {
        // Records that differ in no more than the wording of an ECC notice are one piece.
        var byPart = records
            .Where(record => record.Name.Type == RecordType.Dmesg)
            .Distinct()
            .ToLookup(record => record.AsPart());
        Dumps = Reassembly.Assemble(byPart.Select(alike => alike.Key));
        for (int dump = 0; dump < Dumps.Count; dump++)
        {
            _records.Add([.. Dumps[dump].Parts.Select(part => byPart[part].First())]);
            for (int part = 0; part < Dumps[dump].Parts.Count; part++)
            {
                foreach (var record in byPart[Dumps[dump].Parts[part]])
                    _exact[record] = new Owner(dump, part, IsExact: true);
            }
        }
    }

    public IReadOnlyList<Dump> Dumps { get; }

    /// <summary>The records of a dump, the newest part first.</summary>
    public IReadOnlyList<ListedRecord> RecordsOf(int dump) => _records[dump];

    public OwnedText Of(ArchivedText text) => new(text, [.. text.Chunks.Select(Of)]);

    private Owner? Of(TextChunk chunk)
    {
        if (chunk.Record is { } record && _exact.TryGetValue(record, out var owner))
            return owner;
        string text = TextOf(chunk.Content);
        var header = chunk.Header;
        return _exact
            .Where(pair =>
                chunk.Label is null
                    ? header is not null && TextHeader(pair.Value) == header
                    : pair.Key.Name == chunk.Label
            )
            .Where(pair => Likeness.IsLike(TextOf(pair.Key.Content), text))
            .OrderByDescending(pair => Likeness.FirstDifference(pair.Key.Content, chunk.Content))
            .Select(pair => (Owner?)(pair.Value with { IsExact = false }))
            .FirstOrDefault();
    }

    private DumpHeader? TextHeader(Owner owner) => Dumps[owner.Dump].Parts[owner.Part].Header;

    // What is alike in all dumps is no likeness.
    private static string TextOf(string content)
    {
        _ = DumpHeader.TryParse(content, out _, out string text);
        return text;
    }
}

/// <param name="Dump">Which of the dumps.</param>
/// <param name="Part">Which of its parts that are there, from 0, the newest.</param>
/// <param name="IsExact">Byte for byte.</param>
internal readonly record struct Owner(int Dump, int Part, bool IsExact);

/// <param name="Owners">Of each chunk; null for one that is of no dump, not even altered.</param>
internal sealed record OwnedText(ArchivedText Text, IReadOnlyList<Owner?> Owners);
