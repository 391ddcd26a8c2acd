using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>Cases that a gate is there for: that one of them cannot be run is no pass.</summary>
internal sealed class RequiredCases
{
    private const string All = "all";

    private readonly IReadOnlyList<string> _words;

    /// <param name="words">Families, scenarios, cases, patterns, or <c>all</c>.</param>
    /// <param name="cases">What is run.</param>
    /// <exception cref="UsageException">A word is of no case that is run.</exception>
    public RequiredCases(IReadOnlyList<string> words, IReadOnlyList<Case> cases)
    {
        _words = words;
        if (words.FirstOrDefault(word => !cases.Any(@case => IsMeant(word, @case.Id))) is { } unknown)
            throw new UsageException(
                $"--require: no case that is run is {Nearest.Quote(unknown)}; nearest are "
                    + string.Join(", ", Nearest.Few(unknown, cases.Select(@case => @case.Id)))
            );
    }

    /// <summary>Says which of them could not be run; null for none.</summary>
    public string? Unsupported(IReadOnlyList<CaseResult> results)
    {
        string[] lacking =
        [
            .. results
                .Where(result => result.Verdict == Verdict.Unsupported)
                .Where(result => _words.Any(word => IsMeant(word, result.Case)))
                .Select(result => result.Case),
        ];
        const int shown = 5;
        return lacking.Length == 0
            ? null
            : $"--require: {lacking.Length} of the required cases are unsupported: "
                + string.Join(", ", lacking.Take(shown))
                + (lacking.Length > shown ? ", …" : "");
    }

    private static bool IsMeant(string word, string id) => word == All || CasePattern.Matches(word, id);
}
