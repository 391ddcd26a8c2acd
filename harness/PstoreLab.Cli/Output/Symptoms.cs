using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>Symptoms of known bugs, in the lines of logs and in what records and stores look like.</summary>
internal sealed class Symptoms(IReadOnlyList<Bug> bugs)
{
    /// <summary>Of each cause; a log may say the same ten thousand times.</summary>
    public const int MostShown = 3;

    private const int MostUnexplained = 10;

    private static readonly string[] FailureWords = ["fail", "error", "invalid", "ignoring"];

    private readonly Dictionary<Bug, List<Symptom>> _causes = [];
    private readonly List<Symptom> _unexplained = [];

    /// <summary>The bugs that there are symptoms of, the one with the longest message first.</summary>
    public IReadOnlyList<(Bug Bug, IReadOnlyList<Symptom> Shown)> Causes =>
        [
            .. _causes
                .OrderByDescending(cause => cause.Value.Max(one => one.Weight))
                .ThenBy(cause => cause.Key.Name, StringComparer.Ordinal)
                .Select(cause => (cause.Key, (IReadOnlyList<Symptom>)cause.Value)),
        ];

    /// <summary>Whether one line of a log has several causes, and no record was there to tell.</summary>
    public bool IsAmbiguous =>
        _causes
            .Values.SelectMany(shown => shown)
            .Where(one => one.Line > 0)
            .GroupBy(one => (one.File, one.Line))
            .Any(shown => shown.Skip(1).Any()) && !_causes.Values.SelectMany(shown => shown).Any(one => one.Line == 0);

    /// <summary>Lines of pstore that say that something went wrong, and of which nothing is known.</summary>
    public IReadOnlyList<Symptom> Unexplained => _unexplained;

    /// <summary>Reads what somebody names.</summary>
    /// <exception cref="PstoreLab.Harness.Faults.UsageException">A name is not there, or cannot be read.</exception>
    public void Read(IReadOnlyList<string> names)
    {
        var found = InputReader.Read(names, StoreOptions.None, new TextTaker(Line, Terminal.Input));
        foreach (var record in found.Records)
        {
            if (!record.MarkedCompressed)
                continue;
            Compressed(record.Path, record.Name, record.Decompressed);
            // One that is not compressed was read as a text.
            Lines(record.Path, RecordContent.Of(record));
        }
        MissingParts(null, RecordContent.Of(found.Records));
        foreach (var (file, store) in found.Stores.SelectMany(file => file.Stores.Select(store => (file.Name, store))))
            Store(file, store.Store);
    }

    private void Store(string file, DecodedStore store)
    {
        foreach (var record in store.Records.Where(record => record.State != RecordState.Deleted))
        {
            foreach (string fault in record.Faults)
                Take(new(file, 0, fault));
            if (record.MarkedCompressed)
                Compressed(file, record.Name, record.Decompressed);
            Lines($"{file}/{record.Name}", RecordContent.Of(record));
        }
        var live = store.Records.Where(record => record.State == RecordState.Live);
        MissingParts(file, live.Select(RecordContent.Of));
    }

    private void Compressed(string file, RecordName name, DecompressedPayload payload)
    {
        if (payload.Bytes.Length > 0)
            Take(
                new(file, 0, $"{name with { Compressed = false }} is compressed with {Wording.Method(payload.Method)}")
            );
        if (payload.Fault is { } fault)
            Take(new(file, 0, fault));
    }

    private void Lines(string file, RecordContent record)
    {
        string[] lines = record.Text.Split('\n');
        for (int number = 1; number <= lines.Length; number++)
            Line(file, number, lines[number - 1]);
    }

    /// <param name="file">What the records are in; null where each is a file.</param>
    private void MissingParts(string? file, IEnumerable<RecordContent> records)
    {
        foreach (var dump in RecordContent.Dumps(records))
        {
            foreach (var missing in dump.MissingParts)
                Take(new(file ?? $"{dump.Parts[0].Name}", 0, $"{dump.Parts[0].Name.Backend}: {missing}"));
        }
    }

    private void Line(string file, int number, string line)
    {
        if (!Take(new(file, number, line.Trim())) && SaysFailure(line) && _unexplained.Count < MostUnexplained)
            _unexplained.Add(new(file, number, line.Trim()));
    }

    private bool Take(Symptom symptom)
    {
        bool known = false;
        foreach (var bug in bugs)
        {
            if (bug.Messages.FirstOrDefault(message => message.Matches(symptom.Text)) is not { } message)
                continue;
            known = true;
            if (!_causes.TryGetValue(bug, out var shown))
                _causes[bug] = shown = [];
            var weighed = symptom with { Weight = message.Text.Length };
            if (shown.Count < MostShown && !shown.Contains(weighed))
                shown.Add(weighed);
        }
        return known;
    }

    private static bool SaysFailure(string line) =>
        (
            line.Contains("pstore", StringComparison.Ordinal)
            || BackendCatalogue.All.Any(backend => line.Contains($"{backend.Name}:", StringComparison.Ordinal))
        ) && FailureWords.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One symptom of a bug.</summary>
/// <param name="File">What it is in.</param>
/// <param name="Line">Which line of it, from 1; 0 for a record or a store.</param>
/// <param name="Text">What it says, or what was found.</param>
internal sealed record Symptom(string File, int Line, string Text)
{
    /// <summary>Letters of the message that it matched.</summary>
    public int Weight { get; init; }

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Text}" : $"{File}: {Text}";
}
