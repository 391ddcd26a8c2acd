using System.CommandLine;
using System.Diagnostics;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab archive-check</c>: what systemd-pstore of each release makes of thousands of record sets, without a
/// guest.
/// </summary>
internal static class ArchiveCheckCommand
{
    private static readonly Argument<string[]> Releases = new("RELEASE")
    {
        Description = "Systemd guests by their names; all of them when none is given.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<int> Sets = new("--sets")
    {
        Description =
            $"How many record sets; from {ReleaseTally.Telling} on, a known bug that does not show counts as fixed.",
        DefaultValueFactory = _ => 500,
        HelpName = "N",
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Other sets for another seed; the same for the same.",
        DefaultValueFactory = _ => 1,
        HelpName = "S",
    };
    private static readonly Option<int?> Only = new("--set")
    {
        Description = "Only the set of this number.",
        HelpName = "N",
    };
    private static readonly Option<string?> Keep = new("--keep")
    {
        Description = "Writes the smallest example of each fault to this folder.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object." };

    public static Command Create()
    {
        var command = new LabCommand(
            "archive-check",
            CommandGroup.Stores,
            "tests the systemd-pstore of releases on record sets",
            ["archive-check bookworm forky --sets 2000"]
        )
        {
            Releases,
            Sets,
            Seed,
            Only,
            Keep,
            Json,
        };
        command.SetAction(CheckAsync);
        return command;
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        string[] asked = parsed.GetValue(Releases) is { Length: > 0 } given
            ? [.. given.Distinct()]
            : [.. lab.RootfsCatalogue.Names];
        foreach (string name in asked)
            _ = lab.RootfsCatalogue[name];
        if (parsed.GetValue(Sets) < 1 || parsed.GetValue(Only) < 0)
            throw new UsageException("--sets and --set: expected a number, 1 or more sets, and a set from 0");
        var generator = new RecordSetGenerator(parsed.GetValue(Seed));
        var numbers = parsed.GetValue(Only) is { } only
            ? Enumerable.Range(only, 1)
            : Enumerable.Range(0, parsed.GetValue(Sets));
        var sets = numbers.AsParallel().AsOrdered().WithCancellation(cancellation).Select(generator.Make).ToList();
        var causes = lab.Scenarios.Bugs().ToDictionary(bug => bug.Name, bug => bug.Cause);
        var reports = new List<ReleaseReport>();
        foreach (string name in asked)
        {
            var program = await new SystemdPstoreFiles(lab.Runner, Lab.Machine.Architecture).EnsureAsync(
                await lab.Rootfs.EnsureAsync(name, cancellation),
                cancellation
            );
            using var archiver = new SystemdArchiver(lab.Runner, program);
            var tally = new ReleaseTally(name, program.Version, KnownArchiverFaults.All);
            long start = Stopwatch.GetTimestamp();
            await new ConformanceCheck(archiver).RunAsync(sets, tally.Add, cancellation);
            var report = tally.Report(Stopwatch.GetElapsedTime(start).TotalSeconds);
            view.Report($"{name}: {report.Sets} record sets in {report.Seconds:f1} s");
            if (parsed.GetValue(Keep) is { } folder)
                KeptExamples.Write(folder, report);
            reports.Add(report);
        }

        if (parsed.GetValue(Json))
            Terminal.Json(ConformanceJson.Of(parsed.GetValue(Seed), reports, causes));
        else
            ConformanceView.Print(Terminal.Out, parsed.GetValue(Seed), reports, causes);
        return reports.All(report => report.IsAsKnown) ? ExitCode.Passed : ExitCode.Failed;
    }
}
