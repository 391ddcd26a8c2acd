using System.CommandLine;
using System.Diagnostics;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab archive-check</c>: what systemd-pstore of each release, or a program of the user's own, makes of
/// thousands of record sets, without a guest.
/// </summary>
internal static class ArchiveCheckCommand
{
    private static readonly Argument<string[]> Releases = new("RELEASE")
    {
        Description = "Systemd guests by their names; when none is given all of them, or your own program alone.",
        Arity = ArgumentArity.ZeroOrMore,
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
            [
                "archive-check bookworm forky --sets 2000",
                "archive-check --archiver build/systemd-pstore --systemd 257",
                "archive-check --root unpacked-package --sets-from my-sets",
            ],
            "Ends with 1 where a release does wrong what is not catalogued, or no longer does what is, and where a "
                + "program of your own does anything wrong that its --systemd is not known for."
        )
        {
            Releases,
            Keep,
            Json,
        };
        var sets = new RecordSetOptions(command);
        var own = new OwnArchiverOptions(command);
        command.SetAction((parsed, cancellation) => CheckAsync(parsed, sets, own, cancellation));
        return command;
    }

    private static async Task<int> CheckAsync(
        ParseResult parsed,
        RecordSetOptions options,
        OwnArchiverOptions ownArchiver,
        CancellationToken cancellation
    )
    {
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        var own = ownArchiver.Program(parsed, Lab.Machine.Architecture);
        string[] asked =
            parsed.GetValue(Releases) is { Length: > 0 } given ? [.. given.Distinct()]
            : own is not null ? []
            : [.. lab.RootfsCatalogue.Names];
        foreach (string name in asked)
            _ = lab.RootfsCatalogue[name];
        var sets = options.Read(parsed, cancellation);
        var causes = lab.Scenarios.Bugs().ToDictionary(bug => bug.Name, bug => bug.Cause);
        var reports = new List<ReleaseReport>();
        foreach (string name in asked)
        {
            var program = await new SystemdPstoreFiles(lab.Runner, Lab.Machine.Architecture).EnsureAsync(
                await lab.Rootfs.EnsureAsync(name, cancellation),
                cancellation
            );
            using var archiver = new SystemdArchiver(lab.Runner, program);
            reports.Add(await CheckAsync(archiver, name, program.Version));
        }

        if (own is not null)
        {
            using var archiver = new OwnArchiver(lab.Runner, own);
            await archiver.ProbeAsync(cancellation);
            reports.Add(await CheckAsync(archiver, own.Name, own.Version) with { IsOwn = true });
        }

        if (parsed.GetValue(Keep) is { } folder)
        {
            foreach (var report in reports)
                KeptExamples.Write(folder, report);
        }
        if (parsed.GetValue(Json))
            Terminal.Json(ConformanceJson.Of(options.Seed(parsed), reports, causes));
        else
            ConformanceView.Print(Terminal.Out, options.Describe(parsed), reports, causes);
        return reports.All(report => report.IsAsKnown) ? ExitCode.Passed : ExitCode.Failed;

        async Task<ReleaseReport> CheckAsync(IArchiver archiver, string name, string? version)
        {
            var tally = new ReleaseTally(name, version, KnownArchiverFaults.All, options.Telling(parsed));
            long start = Stopwatch.GetTimestamp();
            await new ConformanceCheck(archiver).RunAsync(sets, tally.Add, cancellation);
            var report = tally.Report(Stopwatch.GetElapsedTime(start).TotalSeconds);
            view.Report($"{name}: {report.Sets} record sets in {report.Seconds:f1} s");
            return report;
        }
    }
}
