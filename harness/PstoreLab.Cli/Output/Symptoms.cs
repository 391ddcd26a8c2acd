using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>Signs of known bugs, in the lines of logs and in what records and stores look like.</summary>
internal sealed class Symptoms(IReadOnlyList<Bug> bugs)
{
    /// <summary>Of each cause; a log may say the same ten thousand times.</summary>
    public const int MostSigns = 3;

    private const int MostUnexplained = 10;

    private static readonly string[] Complaints = ["fail", "error", "invalid", "ignoring"];

    private readonly Dictionary<Bug, List<Symptom>> _causes = [];
    private readonly List<Symptom> _unexplained = [];

    /// <summary>The bugs that there are signs of, the one with the longest message first.</summary>
    public IReadOnlyList<(Bug Bug, IReadOnlyList<Symptom> Signs)> Causes =>
        [
            .. _causes
                .OrderByDescending(cause => cause.Value.Max(sign => sign.Weight))
                .ThenBy(cause => cause.Key.Name, StringComparer.Ordinal)
                .Select(cause => (cause.Key, (IReadOnlyList<Symptom>)cause.Value)),
        ];

    /// <summary>Whether one line of a log has several causes, and no record was there to tell.</summary>
    public bool IsAmbiguous =>
        _causes
            .Values.SelectMany(signs => signs)
            .Where(sign => sign.Line > 0)
            .GroupBy(sign => (sign.File, sign.Line))
            .Any(signs => signs.Skip(1).Any())
        && !_causes.Values.SelectMany(signs => signs).Any(sign => sign.Line == 0);

    /// <summary>Lines of pstore that say that something went wrong, and of which nothing is known.</summary>
    public IReadOnlyList<Symptom> Unexplained => _unexplained;

    /// <summary>Reads what somebody names.</summary>
    /// <exception cref="PstoreLab.Harness.Faults.UsageException">A name is not there, or cannot be read.</exception>
    public void Read(IReadOnlyList<string> names)
    {
        var found = InputReader.Read(names, StoreOptions.None, new TextTaker(Line, Terminal.Input));
        foreach (var record in found.Records)
        {
            if (record.MarkedCompressed && record.IsReadable)
                Take(
                    new(
                        record.Path,
                        0,
                        $"{record.Label} is compressed with {Wording.Method(record.Decompressed.Method)}"
                    )
                );
            if (record.Decompressed.Fault is { } fault)
                Take(new(record.Path, 0, fault));
        }
        MissingParts(names[0], RecordContent.Of(found.Records));
        foreach (var (file, store) in found.Stores.SelectMany(file => file.Stores.Select(store => (file.Name, store))))
            Store(file, store.Store);
    }

    private void Store(string file, DecodedStore store)
    {
        foreach (var record in store.Records.Where(record => record.State != RecordState.Deleted))
        {
            foreach (string fault in record.Faults)
                Take(new(file, 0, fault));
            if (record.Decompressed.Fault is { } broken)
                Take(new(file, 0, broken));
            else if (record.MarkedCompressed)
                Take(
                    new(file, 0, $"{record.Name}.enc.z is compressed with {Wording.Method(record.Decompressed.Method)}")
                );
        }
        var live = store.Records.Where(record => record.State == RecordState.Live);
        MissingParts(file, live.Select(RecordContent.Of));
    }

    private void MissingParts(string file, IEnumerable<RecordContent> records)
    {
        foreach (var dump in RecordContent.Dumps(records))
        {
            foreach (var missing in dump.MissingParts)
                Take(new(file, 0, $"{dump.Parts[0].Name.Backend}: {missing}"));
        }
    }

    private void Line(string file, int number, string line)
    {
        if (!Take(new(file, number, line.Trim())) && IsComplaint(line) && _unexplained.Count < MostUnexplained)
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
            if (!_causes.TryGetValue(bug, out var signs))
                _causes[bug] = signs = [];
            if (signs.Count < MostSigns)
                signs.Add(symptom with { Weight = message.Text.Length });
        }
        return known;
    }

    private static bool IsComplaint(string line) =>
        (
            line.Contains("pstore", StringComparison.Ordinal)
            || BackendCatalogue.All.Any(backend => line.Contains($"{backend.Name}:", StringComparison.Ordinal))
        ) && Complaints.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One sign of a bug.</summary>
/// <param name="File">What it is in.</param>
/// <param name="Line">Which line of it, from 1; 0 for a record or a store.</param>
/// <param name="Text">What it says, or what was found.</param>
internal sealed record Symptom(string File, int Line, string Text)
{
    /// <summary>Letters of the message that it matched.</summary>
    public int Weight { get; init; }

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Text}" : $"{File}: {Text}";
}
