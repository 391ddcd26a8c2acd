using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary><c>--known</c>: the user's own list of known bugs.</summary>
internal sealed class KnownOption
{
    private readonly Option<string?> _file = new("--known")
    {
        Description = "A list of known bugs of your own: cases, versions, ticket, last day, and what they excuse.",
        HelpName = "FILE",
    };

    public KnownOption(Command command) => command.Options.Add(_file);

    /// <summary>The list; an empty one where none was named. Entries that have expired are reported.</summary>
    /// <param name="chosen">The cases that are run.</param>
    /// <exception cref="Harness.Faults.UsageException">It is wrong.</exception>
    public Quarantine Read(ParseResult parsed, Lab lab, IReadOnlyList<Case> chosen)
    {
        var known = lab.Scenarios.Quarantine(parsed.GetValue(_file), chosen);
        foreach (string expired in Expired(known))
            Terminal.Error(expired);
        return known;
    }

    /// <summary>The cases, each with what the list excuses of it.</summary>
    public static IReadOnlyList<Case> Applied(Quarantine known, IReadOnlyList<Case> cases) =>
        known.AppliedTo(cases, Today);

    /// <summary>What a run has shown to be too much of the list, a sentence each.</summary>
    public static IReadOnlyList<string> Told(
        Quarantine known,
        IReadOnlyList<Case> cases,
        IReadOnlyList<CaseResult> results
    ) =>
        [
            .. known.Passed(
                cases,
                results.Where(result => result.Verdict == Verdict.Passed).Select(result => result.Case).ToHashSet(),
                Today
            ),
        ];

    /// <summary>What has expired of the list, a sentence each.</summary>
    public static IReadOnlyList<string> Expired(Quarantine known) => [.. known.Expired(Today)];

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date);
}
