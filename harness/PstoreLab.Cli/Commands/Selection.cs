using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>The way cases are chosen, the same for every command that takes some.</summary>
internal sealed class Selection
{
    private readonly string[] _whenLeftOut;
    private readonly Argument<string[]> _words;

    private readonly Option<string[]> _filters = new("--filter", "-f")
    {
        Description =
            "Keeps cases whose dimension matches: backend=erst, 'backend!=efi', kernel='>=6.6', quick=true. "
            + "Repeat it to narrow further.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <param name="whenLeftOut">The word that stands for none; null for all shipped scenarios.</param>
    public Selection(Command command, string? whenLeftOut = null)
    {
        _whenLeftOut = whenLeftOut is null ? [] : [whenLeftOut];
        _words = new Argument<string[]>("FILTER")
        {
            Description =
                "A family (cycle), a scenario (cycle/record-whole), a case, or a YAML file anywhere; "
                + $"{whenLeftOut ?? "all shipped scenarios"} when left out.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        command.Arguments.Add(_words);
        command.Options.Add(_filters);
    }

    /// <summary>Checks what can be checked before a kernel is unpacked or a case is read.</summary>
    /// <param name="bare">The lab without what the user brings along.</param>
    /// <exception cref="UsageException">A filter or a word cannot be meant.</exception>
    public void Check(ParseResult parsed, Lab bare)
    {
        CaseFilter.Parse(parsed.GetValue(_filters) ?? []);
        bare.Scenarios.Check(WordsOf(parsed));
    }

    public IReadOnlyList<Case> Of(ParseResult parsed, Lab lab)
    {
        var filter = CaseFilter.Parse(parsed.GetValue(_filters) ?? []);
        var cases = lab.Scenarios.Load(parsed.GetValue(_words) is { Length: > 0 } words ? words : _whenLeftOut);
        OldWordNotices.Print(lab.Scenarios);
        return filter.Apply(cases);
    }

    /// <summary>The words as they were given.</summary>
    public IReadOnlyList<string> WordsOf(ParseResult parsed) => parsed.GetValue(_words) ?? [];

    /// <summary>Whether anything was chosen at all.</summary>
    public bool IsGiven(ParseResult parsed) =>
        parsed.GetValue(_words) is { Length: > 0 } || parsed.GetValue(_filters) is { Length: > 0 };
}
