using System.IO.Compression;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Cli.Tests.Atlas;

/// <summary>
/// A run's folder that a test makes itself, with the console of a guest that really was; gone afterwards.
/// </summary>
internal sealed class MadeRun : IDisposable
{
    private readonly List<CaseResult> _results = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("atlas-").FullName;

    public string Page => Path.Combine(Root, "atlas.html");

    public string Json => Path.Combine(Root, "atlas.json");

    /// <summary>A result of a writer and a reader, with evidence.</summary>
    /// <param name="compress">What the plan tells the writer's pstore; null for nothing.</param>
    /// <param name="said">Lines that the reader adds to its console.</param>
    public CaseResult Add(
        string writer,
        string reader,
        Verdict verdict = Verdict.Passed,
        string reason = "",
        string backend = "ramoops",
        string? compress = null,
        string scenario = "read",
        IReadOnlyList<string>? said = null,
        DateTimeOffset? started = null,
        bool evidence = true
    )
    {
        string id = $"upgrade/{scenario}/{_results.Count}";
        PlannedKernel[] kernels =
        [
            .. new[] { writer, reader }
                .Distinct()
                .Select(name => new PlannedKernel(name, $"{name}-1", $"{name}-amd64")),
        ];
        var cell = new Dictionary<string, string>
        {
            ["backend"] = backend,
            ["writer"] = writer,
            ["reader"] = reader,
        };
        var result = new CaseResult(
            id,
            verdict,
            reason,
            cell,
            backend,
            "tcg",
            kernels,
            ["5cc5902997e28ab6"],
            started ?? new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
            4.5,
            new Dictionary<string, double>(),
            [new Attempt(verdict, reason, 4.5, $"cases/{id}")],
            [
                new Finding(
                    verdict == Verdict.Passed,
                    "pstorefs",
                    reason.Length == 0 ? "dmesg-ramoops-0: whole to the last line" : reason,
                    "read.yaml:17:12"
                ),
            ],
            $"cases/{id}"
        );
        return Add(result, evidence ? kernels : null, compress, said ?? []);
    }

    /// <summary>Any result; evidence only where there are kernels.</summary>
    public CaseResult Add(
        CaseResult result,
        IReadOnlyList<PlannedKernel>? kernels,
        string? compress,
        IReadOnlyList<string> said
    )
    {
        _results.Add(result);
        if (kernels is not null)
        {
            var parameters = compress is null
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["pstore.compress"] = compress };
            var plan = new Plan(
                result.Case,
                "Made by a test.",
                result.Dimensions,
                // A plan is refused that names a backend which is none; a result is only shown.
                BackendCatalogue.All.Any(known => known.Name == result.Backend)
                    ? result.Backend
                    : "ramoops",
                "tcg",
                256,
                kernels,
                [],
                new StoreTemplate(4096, null),
                [
                    new PlannedBoot(new BootNumber(1), kernels[0].Name, parameters, 1, [new PowerOn("qemu", [], true)]),
                    new PlannedBoot(
                        new BootNumber(2),
                        kernels[^1].Name,
                        parameters,
                        1,
                        [new PowerOn("qemu", [], true)]
                    ),
                ],
                []
            )
            {
                Format = Plan.CurrentFormat,
            };
            Write($"{result.Folder}/plan.json", EvidenceJson.Text(plan));
            Write($"{result.Folder}/verdict.json", "{}");
            Write($"{result.Folder}/repro.sh", "#!/bin/bash\n");
            Write($"{result.Folder}/records-1/dmesg-ramoops-0", "Panic#1 Part1\n");
            Write($"{result.Folder}/boot-1/console.log", Console.Value);
            Write(
                $"{result.Folder}/boot-2/console.log",
                Console.Value + string.Concat(said.Select(line => $"[    9.000001] {line}\n"))
            );
        }

        return result;
    }

    /// <summary>Writes the results, and the atlas by the program itself.</summary>
    public async Task<string> ReportAsync()
    {
        WriteResults();
        return await CommandRun.OutputAsync(Root, "report", "--atlas", Root);
    }

    public void WriteResults() =>
        Write("results.jsonl", string.Concat(_results.Select(result => EvidenceJson.Line(result) + "\n")));

    public void Write(string name, string content)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static readonly Lazy<string> Console = new(() =>
    {
        using var packed = new GZipStream(
            File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "ramoops-debian-6.1.console.gz")),
            CompressionMode.Decompress
        );
        using var reader = new StreamReader(packed);
        return reader.ReadToEnd();
    });
}
