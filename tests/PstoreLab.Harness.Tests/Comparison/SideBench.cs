using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Comparison;

/// <summary>
/// Runs that a test makes up, with copies of the evidence of a panic that really was (Debian's 6.1.0-50 under QEMU 7.2
/// with ERST).
/// </summary>
internal sealed class SideBench : IDisposable
{
    public const string Newest = "dmesg-erst-7710738641726734337";
    public const string Older = "dmesg-erst-7710738641726734338";

    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "erst-panic-6.1");

    private readonly ScratchFolder _scratch = new();
    private readonly Dictionary<string, List<CaseResult>> _results = new() { ["a"] = [], ["b"] = [] };

    public RunComparison Compare(params string[] across) => Comparer.Compare(Run("a"), Run("b"), across);

    public RunResults Run(string side) => new(side, Path.Combine(_scratch.Path, side), _results[side]);

    /// <summary>Writes a side as a run has it.</summary>
    public string Write(string side) =>
        Path.GetDirectoryName(
            _scratch.Write(
                $"{side}/results.jsonl",
                string.Concat(_results[side].Select(result => EvidenceJson.Line(result) + "\n"))
            )
        )!;

    /// <summary>
    /// A result of <c>cycle/SCENARIO/…</c> whose id is made of its cell; evidence only where there are files.
    /// </summary>
    public CaseResult Add(
        string side,
        string scenario,
        Verdict verdict,
        string reason = "",
        int repetition = 0,
        IReadOnlyDictionary<string, string>? cell = null,
        double booting = 1
    )
    {
        cell ??= new Dictionary<string, string> { ["backend"] = "erst" };
        string id = $"cycle/{scenario}/{string.Join('-', cell.Values)}{(repetition > 0 ? $"+{repetition}" : "")}";
        var result = Results.Of(id, verdict, reason) with
        {
            Dimensions = cell,
            SecondsPerState = new Dictionary<string, double> { ["Booting"] = booting, ["Ready"] = 0.5 },
        };
        _results[side].Add(result);
        return result;
    }

    /// <summary>Both sides alike.</summary>
    public void AddToBoth(string scenario, Verdict verdict) =>
        (_, _) = (Add("a", scenario, verdict), Add("b", scenario, verdict));

    /// <summary>Gives a result the evidence of the real panic, altered.</summary>
    public void Evidence(
        string side,
        CaseResult result,
        Action<Dictionary<string, byte[]>>? records = null,
        Func<string, string>? console = null
    )
    {
        var files = new[] { Newest, Older }.ToDictionary(
            name => name,
            name => File.ReadAllBytes(Path.Combine(Fixture, name))
        );
        records?.Invoke(files);
        string text = File.ReadAllText(Path.Combine(Fixture, "console.log"));
        foreach (var (name, content) in files)
            _scratch.Write($"{side}/{result.Folder}/records-1/{name}", content);
        _scratch.Write($"{side}/{result.Folder}/boot-1/console.log", console is null ? text : console(text));
        _scratch.Write($"{side}/{result.Folder}/cycle.json", "{}");
    }

    public void Dispose() => _scratch.Dispose();
}
