using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports.Atlas;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab report --atlas</c>: puts runs on a page.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string[]> Runs = new("RUN")
    {
        Description = "The folder of a run, or its results.jsonl; out/latest when left out. Of several, the newer result of a case counts.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Atlas = new("--atlas") { Description = "Which kernel reads what which kernel wrote: writer by reader, for each backend and compressor." };
    private static readonly Option<string?> Out = new("--out") { Description = $"The folder that gets {AtlasFiles.Html} and {AtlasFiles.Json}; that of the last RUN when left out.", HelpName = "DIR" };
    private static readonly Option<bool> Json = new("--json") { Description = "Prints the JSON, and writes no file." };

    public static Command Create()
    {
        var command = new Command("report", "Puts runs on a page that needs no network. Example: pstorelab report --atlas out/latest") { Runs, Atlas, Out, Json };
        command.SetAction(Report);
        return command;
    }

    private static int Report(ParseResult parsed)
    {
        if (!parsed.GetValue(Atlas))
            throw new UsageException("the one report to be had so far is the atlas: pstorelab report --atlas out/latest; junit.xml and results.ktap are in every run's folder anyway");
        string[] named = parsed.GetValue(Runs) is { Length: > 0 } given ? given : [Path.Combine(Checkout.Find().Out, "latest")];
        RunResults[] runs = [.. named.Select(RunResults.Load).Select(run => run with { Root = Lasting(run.Root) }).DistinctBy(run => run.Root)];
        string folder = parsed.GetValue(Out) is { } wanted ? Lasting(wanted) : runs[^1].Root;
        var atlas = Cartography.Draw(runs, folder);
        if (parsed.GetValue(Json))
        {
            Console.Out.WriteLine(AtlasJson.Text(atlas));
            return ExitCode.Passed;
        }

        AtlasFiles.Write(atlas, folder);
        AtlasView.Print(Terminal.Out, atlas, folder);
        return ExitCode.Passed;
    }

    // Links have to lead to the same files when out/latest has gone on to another run.
    private static string Lasting(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return new DirectoryInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
    }
}
