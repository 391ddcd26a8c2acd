namespace PstoreLab.Records.Archive;

/// <summary>Assigns the chunks of a <c>dmesg.txt</c> to parts of dumps.</summary>
internal sealed class ChunkOwners
{
    private readonly List<List<ListedRecord>> _records = [];
    private readonly Dictionary<ListedRecord, Owner> _exact = [];

    /// <param name="records">All records; other types than dmesg are ignored.</param>
    public ChunkOwners(IEnumerable<ListedRecord> records)
    {
        // Records that differ in the ECC notice alone are one part.
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

    /// <summary>The records of a dump, by ascending part.</summary>
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

    // Headers are alike in all dumps, so they prove nothing.
    private static string TextOf(string content)
    {
        _ = DumpHeader.TryParse(content, out _, out string text);
        return text;
    }
}

/// <summary>The part that a chunk is.</summary>
/// <param name="Dump">Index of the dump.</param>
/// <param name="Part">Index of the part among those of the dump, from 0.</param>
/// <param name="IsExact">Whether the chunk is the part byte for byte.</param>
internal readonly record struct Owner(int Dump, int Part, bool IsExact);

/// <summary>A text with the owners of its chunks.</summary>
/// <param name="Text">The text.</param>
/// <param name="Owners">Owner of each chunk; null for a chunk that is like no part.</param>
internal sealed record OwnedText(ArchivedText Text, IReadOnlyList<Owner?> Owners);
