using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Report.Content;

namespace PstoreLab.Report.Tests;

/// <summary>The folder of a run that a test makes itself, in a folder of runs; gone afterwards.</summary>
internal sealed class MadeRun : IDisposable
{
    public const string Case = "cycle/record-whole/erst";

    /// <summary>What repeats it, whose scenario is no shipped one.</summary>
    public const string Command = "pstorelab run cycle.yaml --filter backend=erst";

    private readonly string _parent = Directory.CreateTempSubdirectory("report-").FullName;
    private readonly List<CaseResult> _results = [];

    public string Root => Path.Combine(_parent, Name);

    public string Name { get; private set; } = "20260701-120000";

    public string Address => $"file://{Root}/{ReportFiles.Html}";

    /// <summary>The cases that did not run.</summary>
    public IReadOnlyList<NotRun> NotRun { get; set; } = [];

    private DateTimeOffset Started { get; set; } = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Another run in the same folder, an hour later.</summary>
    public void Next()
    {
        WriteResults();
        _results.Clear();
        Started = Started.AddHours(1);
        Name = $"20260701-{Started.Hour}0000";
    }

    /// <summary>A case without evidence.</summary>
    public void Add(
        string id,
        Verdict verdict = Verdict.Passed,
        string reason = "",
        string kernel = "debian-6.1",
        string version = "6.1.176-1",
        string backend = "erst"
    ) =>
        _results.Add(
            new CaseResult(
                id,
                verdict,
                reason,
                new Dictionary<string, string> { ["backend"] = backend },
                backend,
                "tcg",
                [new PlannedKernel(kernel, version, $"{kernel}-amd64")],
                ["5cc5902997e28ab6"],
                Started,
                4.5,
                new Dictionary<string, double> { ["Booting"] = 2.5, ["Ready"] = 2 },
                [new Attempt(verdict, reason, 4.5, $"cases/{id}")],
                [
                    new Finding(
                        verdict == Verdict.Passed,
                        "pstorefs",
                        reason.Length == 0 ? "whole" : reason,
                        "/a/scenarios/a/b.yaml:1:1"
                    ),
                ],
                $"cases/{id}"
            )
        );

    /// <summary>A case that really was, as it is judged now.</summary>
    /// <param name="damage">What a test makes of it first.</param>
    public async Task<Judgement> AddRealAsync(Action<CaseEvidence>? damage = null, string id = Case)
    {
        using var evidence = new CaseEvidence();
        damage?.Invoke(evidence);
        var judgement = await evidence.JudgeAsync();
        Copy(evidence.Folder.Root, Path.Combine(Root, "cases", id));
        Add(id, judgement.Verdict, judgement.Reason);
        _results[^1] = _results[^1] with { Findings = judgement.Findings };
        return judgement;
    }

    /// <summary>Writes the results, and the report.</summary>
    public async Task<ReportContent> ReportAsync(params Bug[] bugs)
    {
        WriteResults();
        return await ReportFiles.WriteAsync(RunResults.Load(Root), bugs, CancellationToken.None);
    }

    public string Html => File.ReadAllText(Path.Combine(Root, ReportFiles.Html));

    public string Json => File.ReadAllText(Path.Combine(Root, ReportFiles.Json));

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private void WriteResults()
    {
        Directory.CreateDirectory(Root);
        File.WriteAllLines(Path.Combine(Root, RunResults.FileName), _results.Select(EvidenceJson.Line));
        var record = new RunRecord(
            RunRecord.CurrentFormat,
            "0123456789abcdef0123456789abcdef",
            "0.1.0",
            Started,
            new HostRecord("Debian GNU/Linux 13", "6.12.0", "x64", 2, "10.0.7", "tcg"),
            [],
            new Dictionary<string, string>(),
            NotRun
        )
        {
            Files = new Dictionary<string, string> { ["cycle/record-whole"] = "cycle.yaml" },
        };
        File.WriteAllText(Path.Combine(Root, RunRecord.FileName), EvidenceJson.Line(record));
    }

    private static void Copy(string from, string to)
    {
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
