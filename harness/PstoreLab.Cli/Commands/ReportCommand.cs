using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Reports.Atlas;
using PstoreLab.Harness.Reports.Coverage;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab report</c>: puts a run, or several, on a page.</summary>
internal static class ReportCommand
{
    private const string CoverageFile = "coverage.md";

    private static readonly Argument<string[]> Runs = new("RUN")
    {
        Description =
            "The folder of a run, or its results.jsonl; out/latest when left out. Of several, the newer "
            + "result of a case counts.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Atlas = new("--atlas")
    {
        Description = "Which kernel reads what which kernel wrote: writer by reader, for each backend and compressor.",
    };
    private static readonly Option<bool> Coverage = new("--coverage")
    {
        Description =
            "What pstore documents, by backend and kernel, and what the runs have shown of it. Ends with 1 "
            + "where a cell has neither a result nor a reason.",
    };
    private static readonly Option<string?> Out = new("--out")
    {
        Description =
            $"The folder that gets {AtlasFiles.Html} and {AtlasFiles.Json}, or {CoverageFile}; that of the "
            + "last RUN when left out.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Prints the JSON, and writes no file." };

    public static Command Create()
    {
        var command = new LabCommand(
            "report",
            CommandGroup.Look,
            "puts runs on a page that needs no network",
            [
                "report out/latest",
                "report --atlas out/latest",
                "report --coverage out/latest",
                "report out/latest --kcidb kcidb.json",
            ],
            "Without an option it writes report.html and report.json into the run's folder, as every run does at its "
                + "end: failures by cause, the record beside the console, the store, and each case over the last runs."
        )
        {
            Runs,
            Atlas,
            Coverage,
            Out,
            Json,
        };
        var kcidb = new KcidbOption(command);
        command.SetAction((parsed, cancellation) => ReportAsync(parsed, kcidb, cancellation));
        return command;
    }

    private static async Task<int> ReportAsync(ParseResult parsed, KcidbOption kcidb, CancellationToken cancellation)
    {
        if (kcidb.IsGiven(parsed))
            return Submit(parsed, kcidb);
        if (parsed.GetValue(Atlas) && parsed.GetValue(Coverage))
            throw new UsageException(
                "--atlas and --coverage are two pages; name one of them, as in pstorelab report --atlas out/latest"
            );
        string[] named = parsed.GetValue(Runs) is { Length: > 0 } given
            ? given
            : [Path.Combine(Checkout.Find().Out, "latest")];
        RunResults[] runs =
        [
            .. named
                .Select(RunResults.Load)
                .Select(run => run with { Root = Lasting(run.Root) })
                .DistinctBy(run => run.Root),
        ];
        RunNotices.Print(runs);
        if (!parsed.GetValue(Atlas) && !parsed.GetValue(Coverage))
            return await RunReport.WriteAsync(runs, parsed.GetValue(Out), parsed.GetValue(Json), cancellation);
        string folder = parsed.GetValue(Out) is { } wanted ? Lasting(wanted) : runs[^1].Root;
        if (parsed.GetValue(Coverage))
            return Cover(runs, folder, parsed.GetValue(Json));
        var atlas = AtlasBuilder.Draw(runs, folder);
        if (parsed.GetValue(Json))
        {
            Terminal.Json(AtlasJson.Text(atlas));
            return ExitCode.Passed;
        }

        AtlasFiles.Write(atlas, folder);
        AtlasView.Print(Terminal.Out, atlas, folder);
        return ExitCode.Passed;
    }

    /// <summary>Of one run: a submission has a machine, and that is one.</summary>
    private static int Submit(ParseResult parsed, KcidbOption kcidb)
    {
        kcidb.Check(parsed);
        string[] named = parsed.GetValue(Runs) ?? [];
        if (parsed.GetValue(Atlas) || parsed.GetValue(Coverage) || named.Length > 1)
            throw new UsageException("--kcidb goes with one RUN, and with no other report");
        var run = RunResults.Load(Lasting(named is [var only] ? only : Path.Combine(Checkout.Find().Out, "latest")));
        RunNotices.Print(run);
        var record =
            RunRecord.Read(run.Root)
            ?? throw new UsageException(
                $"{run.Root} has no {RunRecord.FileName}: it was made by an older PstoreLab, so run it again"
            );
        kcidb.Write(
            parsed,
            new FinishedRun(
                run.Results,
                record with
                {
                    NotRun = record.Without(run.Results.Select(result => result.Case)),
                }
            ),
            new Lab(Checkout.Find(), TimeProvider.System).Scenarios.Bugs()
        );
        return ExitCode.Passed;
    }

    private static int Cover(IReadOnlyList<RunResults> runs, string folder, bool json)
    {
        var lab = new Lab(Checkout.Find(), TimeProvider.System);
        var table = CoverageTable.Of(
            lab.Features,
            [.. lab.Vocabulary.Backends],
            [.. lab.Catalogue.Names],
            lab.Scenarios.Load([]),
            runs
        );
        if (json)
        {
            Terminal.Json(EvidenceJson.Line(table.Cells));
            return Verdict(table);
        }

        var newest = runs.SelectMany(run => run.Results).Max(result => result.Started);
        string text = CoverageMarkdown.Of(
            table,
            $"Made by `pstorelab report --coverage` of {runs.Sum(run => run.Results.Count)} results in "
                + $"{runs.Count} {(runs.Count == 1 ? "run" : "runs")}, the newest of {newest:yyyy-MM-dd}."
        );
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, CoverageFile);
        File.WriteAllText(path, text);
        Terminal.Text.Write(text);
        Terminal.Out.MarkupLineInterpolated($"{path}");
        return Verdict(table);
    }

    private static int Verdict(CoverageTable table) => table.Open.Any() ? ExitCode.Failed : ExitCode.Passed;

    // Links have to lead to the same files when out/latest has gone on to another run.
    private static string Lasting(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return new DirectoryInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : path;
    }
}
