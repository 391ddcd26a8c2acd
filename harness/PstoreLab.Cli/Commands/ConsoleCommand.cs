using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab console CASE</c>: what the guest of a case prints, live or afterwards.</summary>
internal static class ConsoleCommand
{
    private static readonly Argument<string> Name = new("CASE")
    {
        Description = "A case of the run, a part of its name that no other has, or its folder.",
    };

    private static readonly Argument<string?> Run = new("RUN")
    {
        Description = "The folder of a run; out/latest when left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "console",
            CommandGroup.Look,
            "shows the console of a case, live while it runs",
            ["console erst-cold-debian-6.1", "console cycle/record-whole/erst-cold-debian-6.1 out/20261201-035028"],
            "Follows a case that runs, or is still to run, until it ends; Ctrl-C leaves, and the run goes on. Of a "
                + "case that has ended it prints all boots."
        )
        {
            Name,
            Run,
        };
        command.SetAction(FollowAsync);
        return command;
    }

    private static async Task<int> FollowAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (run, id) = Find(parsed.GetRequiredValue(Name), parsed.GetValue(Run));
        try
        {
            var result = await new CaseConsole(run, id, TimeProvider.System).FollowAsync(
                Terminal.Text.WriteLine,
                heading => Terminal.Err.MarkupLineInterpolated($"[bold]--- {id}: {heading}[/]"),
                cancellation
            );
            if (result is null)
                throw new UsageException($"{run.Root} has ended without a verdict of {id}");
            string reason = result.Reason.Length > 0 ? $": {result.Reason}" : "";
            Terminal.Err.MarkupLine(
                $"--- {VerdictStyle.Mark(result.Verdict).TrimEnd()} {id.EscapeMarkup()}{reason.EscapeMarkup()}"
            );
        }
        catch (OperationCanceledException)
        {
            // Whoever has seen enough leaves, and that is no fault.
        }

        return ExitCode.Passed;
    }

    private static (RunFolder Run, string Id) Find(string word, string? run)
    {
        const string cases = "/cases/";
        if (run is null && File.Exists(Path.Combine(word, "plan.json")))
        {
            string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(word));
            int at = folder.LastIndexOf(cases, StringComparison.Ordinal);
            if (at < 0)
                throw new UsageException($"{word} lies in no run, whose cases are below {cases.Trim('/')}/");
            return (new RunFolder(folder[..at]), folder[(at + cases.Length)..]);
        }

        string root = run ?? Path.Combine(Checkout.Find().Out, RunFolder.LatestName);
        if (!Directory.Exists(root))
            throw new UsageException(
                run is null
                    ? $"there is no run in {Path.GetDirectoryName(root)} yet; name its folder behind the case"
                    : $"there is no folder {run}; name the folder of a run, such as out/latest"
            );
        // A run that begins later is another one.
        root = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(root);
        var given = new RunFolder(root);
        return (given, CaseOf(word.TrimEnd('/'), given));
    }

    private static string CaseOf(string word, RunFolder run)
    {
        string[] known = File.Exists(run.Case(word).Plan) ? [word] : [.. Names(run)];
        if (known.Contains(word))
            return word;
        string[] meant = [.. known.Where(name => name.Contains(word, StringComparison.Ordinal))];
        if (meant is [var one])
            return one;
        if (meant.Length > 1)
            throw new UsageException(
                $"{Nearest.Quote(word)} is {meant.Length} cases of {run.Root}: "
                    + $"{string.Join(", ", Nearest.Few(word, meant))}{(meant.Length > 5 ? ", …" : "")}"
            );
        if (CaseConsole.HasEnded(run) || word.Split('/').Length < 2)
            throw new UsageException(
                $"{run.Root} has no case {Nearest.Quote(word)}"
                    + (
                        known.Length == 0
                            ? " and no other"
                            : $"; nearest are {string.Join(", ", Nearest.Few(word, known))}"
                    )
            );
        Terminal.Err.MarkupLineInterpolated($"waiting for {word} in {run.Root}; Ctrl-C leaves");
        return word;
    }

    private static IEnumerable<string> Names(RunFolder run)
    {
        try
        {
            return [.. EvidenceFolders.In(run.Root).Select(folder => folder.Name)];
        }
        catch (UsageException)
        {
            // It has just begun.
            return [];
        }
    }
}
