using System.CommandLine;
using System.Text.RegularExpressions;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary><c>run --last-failed</c>: of the cases chosen, those that did not pass in the last run.</summary>
internal sealed partial class LastFailedOption
{
    private readonly Option<string?> _run = new("--last-failed")
    {
        Description =
            "Runs the cases that failed in the last run, or in RUN, or that the machine got in the way of; of those "
            + "that FILTER means, where there is one.",
        HelpName = "[RUN]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public LastFailedOption(Command command) => command.Options.Add(_run);

    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_run) is { Implicit: false };

    /// <summary>What failed, for a run of it.</summary>
    /// <param name="parent">The folder of runs.</param>
    /// <exception cref="UsageException">There is no such run.</exception>
    /// <exception cref="EvidenceException">What it says of itself is damaged.</exception>
    public FailedCases Read(ParseResult parsed, string parent)
    {
        string? given = parsed.GetValue(_run);
        string path = given ?? Path.Combine(parent, RunFolder.LatestName);
        if (!RunResults.IsNamedBy(path))
            throw new UsageException(
                given is null
                    ? $"--last-failed: there is no run in {parent} yet; --last-failed=RUN names one"
                    : $"--last-failed: {Nearest.Quote(given)} is not the folder of a run; "
                        + "where it is a FILTER, it stands before the option"
            );
        var run = RunResults.Load(path);
        RunNotices.Print(run);
        // What never ran has not failed, and is no pass.
        int notRun = RunRecord.Read(run.Root)?.Without(run.Results.Select(result => result.Case)).Count ?? 0;
        return new FailedCases(
            path,
            [
                .. run
                    .Results.Where(result =>
                        result.Verdict is Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal
                    )
                    .Select(result => Repetition().Replace(result.Case, ""))
                    .Distinct(),
            ],
            ExitCode.Of([.. run.Results.Select(result => result.Verdict)], notRun)
        )
        {
            Appended = run.Results.Select(result => result.Appended).FirstOrDefault(text => text is not null),
        };
    }

    [GeneratedRegex(@"\+[0-9]+\z")]
    private static partial Regex Repetition();
}

/// <summary>The cases of a run that did not pass.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Ids">Each once, without the numbers of repetitions.</param>
/// <param name="Code">What that run ended with.</param>
internal sealed record FailedCases(string Run, IReadOnlyList<string> Ids, int Code)
{
    /// <summary>What that run had added to the kernels' command lines; null for nothing.</summary>
    public string? Appended { get; init; }

    /// <summary>Those of the cases that are among them; names the others that are there no more.</summary>
    /// <param name="cases">What was chosen.</param>
    /// <param name="all">Whether that is all there is.</param>
    /// <exception cref="UsageException">None is left to run.</exception>
    public IReadOnlyList<Case> Of(IReadOnlyList<Case> cases, bool all, Action<string> report)
    {
        Case[] left = [.. cases.Where(@case => Ids.Contains(@case.Id))];
        string[] gone = [.. Ids.Except(left.Select(@case => @case.Id))];
        string why = all
            ? "there is no such case any more (or its YAML file or --kernel has to be given)"
            : "not chosen";
        foreach (string id in gone)
            report($"{id} failed in {Run} and is left out: {why}");
        if (Appended is not null && left.FirstOrDefault() is { Appended.Count: 0 })
            report($"{Run} had --append '{Appended}', and this run has not");
        return left.Length > 0
            ? left
            : throw new UsageException(
                $"--last-failed: none of the {Ids.Count} cases that failed in {Run} is left to run"
            );
    }
}
