using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--summary</c> and <c>--kcidb</c>: reports beside those of every run. Where GitHub runs it, its annotations and
/// the summary of its step are made unasked.
/// </summary>
internal sealed class ReportOptions
{
    private const string StepSummary = "GITHUB_STEP_SUMMARY";
    private const string Workspace = "GITHUB_WORKSPACE";

    private readonly Option<string?> _summary = new("--summary")
    {
        Description = "Writes a summary in GitHub's Markdown: counts, failures with their cause, known bugs.",
        HelpName = "FILE.md",
    };

    private readonly KcidbOption _kcidb;

    public ReportOptions(Command command)
    {
        command.Options.Add(_summary);
        _kcidb = new KcidbOption(command);
    }

    /// <summary>Checks what can be checked before anything runs.</summary>
    /// <exception cref="UsageException">The folder of a file is not there.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_summary) is { } file)
            FileOption.Check("--summary", file);
        _kcidb.Check(parsed);
    }

    /// <param name="notices">What else somebody must be told, a sentence each.</param>
    /// <param name="bugs">The bug catalogue.</param>
    /// <exception cref="InfraException">A file cannot be written.</exception>
    public void Write(ParseResult parsed, FinishedRun run, IReadOnlyList<string> notices, Func<IReadOnlyList<Bug>> bugs)
    {
        if (parsed.GetValue(_summary) is { } file)
            FileOption.Write(file, MarkdownSummary.Of(run, notices));
        if (_kcidb.IsGiven(parsed))
            _kcidb.Write(parsed, run, bugs());
        if (!WorkflowGuard.IsNeeded)
            return;
        foreach (string line in Annotations.Of(run, notices, Environment.GetEnvironmentVariable(Workspace)))
            Terminal.Workflow(line);
        if (Environment.GetEnvironmentVariable(StepSummary) is { Length: > 0 } step)
            FileOption.Append(step, MarkdownSummary.Of(run, notices));
    }
}
