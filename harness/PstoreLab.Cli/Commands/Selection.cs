using System.CommandLine;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>The way cases are chosen, the same for every command that takes some.</summary>
internal sealed class Selection
{
    private readonly Argument<string[]> _words = new("FILTER")
    {
        Description = "A family (cycle), a scenario (cycle/record-whole), a case, or a YAML file anywhere; all shipped scenarios when left out.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _filters = new("--filter", "-f")
    {
        Description = "Keeps cases whose dimension matches: backend=erst, kernel='>=6.6', restart=cold, quick=true. Repeat it to narrow further.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public Selection(Command command)
    {
        command.Arguments.Add(_words);
        command.Options.Add(_filters);
    }

    public IReadOnlyList<Case> Of(ParseResult parsed, Lab lab) =>
        CaseFilter.Parse(parsed.GetValue(_filters) ?? []).Apply(lab.Scenarios.Load(parsed.GetValue(_words) ?? []));
}
