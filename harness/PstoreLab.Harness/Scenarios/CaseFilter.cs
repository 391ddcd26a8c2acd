using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// <c>--filter key=value</c>, repeated: keeps the cases whose dimensions match, and <c>key!=value</c> those that do
/// not. The same key twice reads like a list of values. Other keys than dimensions are <c>kernel</c> (any that the case
/// boots), <c>machine</c>, <c>backend</c>, <c>family</c>, <c>scenario</c> and <c>quick</c>.
/// </summary>
public sealed partial class CaseFilter
{
    private static readonly string[] AlwaysThere =
    [
        "backend",
        "family",
        DimensionMatch.Kernel,
        DimensionMatch.Machine,
        "quick",
        "scenario",
    ];

    private readonly DimensionMatch _wanted;
    private readonly DimensionMatch _unwanted;

    private CaseFilter(DimensionMatch wanted, DimensionMatch unwanted)
    {
        _wanted = wanted;
        _unwanted = unwanted;
    }

    public static CaseFilter Parse(IEnumerable<string> filters)
    {
        var wanted = new OrderedDictionary<string, string>();
        var unwanted = new OrderedDictionary<string, string>();
        foreach (var filter in filters)
        {
            var parts = KeyAndValue().Match(filter);
            if (!parts.Success)
                throw Fault(
                    $"found {Nearest.Quote(filter)}, expected KEY=VALUE, such as backend=ramoops, backend!=efi or "
                        + "kernel=>=6.6"
                );
            var key = parts.Groups["key"].Value;
            var value = parts.Groups["value"].Value;
            var conditions = parts.Groups["not"].Success ? unwanted : wanted;
            conditions[key] = conditions.TryGetValue(key, out var earlier) ? $"{earlier},{value}" : value;
        }

        return new CaseFilter(DimensionMatch.Parse(wanted, Fault), DimensionMatch.Parse(unwanted, Fault));
    }

    /// <summary>The cases that match, in their order; never none of some.</summary>
    public IReadOnlyList<Case> Apply(IReadOnlyList<Case> cases)
    {
        if (_wanted.Conditions.Count + _unwanted.Conditions.Count == 0)
            return cases;

        string[] keys =
        [
            .. cases.SelectMany(c => c.Dimensions.Keys).Concat(AlwaysThere).Distinct().Order(StringComparer.Ordinal),
        ];
        foreach (var (name, _) in _wanted.Conditions.Concat(_unwanted.Conditions))
        {
            if (!keys.Contains(name))
                throw Fault(Nearest.Unknown("key", name, keys));
        }

        // What nobody has would be left out without a word, and what was meant would stay.
        foreach (var (name, left) in _unwanted.Conditions)
        {
            string[] values = [.. cases.SelectMany(@case => DimensionMatch.ValuesOf(@case, name)).Distinct()];
            if (left.Literals.Except(values).FirstOrDefault() is { } unknown)
                throw Fault(Nearest.Unknown($"{name} to leave out,", unknown, values));
        }

        Case[] kept = [.. cases.Where(_wanted.Matches).Where(@case => !_unwanted.MatchesAny(@case))];
        return kept.Length > 0 || cases.Count == 0 ? kept : throw Fault(WhyNothing(cases));
    }

    private string WhyNothing(IReadOnlyList<Case> cases)
    {
        var asked = string.Join(
            " and ",
            _wanted
                .Conditions.Select(condition => $"{condition.Name}={condition.Match.Text}")
                .Concat(_unwanted.Conditions.Select(condition => $"{condition.Name}!={condition.Match.Text}"))
        );
        var there = _wanted
            .Conditions.Concat(_unwanted.Conditions)
            .Select(condition =>
            {
                string[] values = [.. cases.SelectMany(c => DimensionMatch.ValuesOf(c, condition.Name)).Distinct()];
                var misspelt = condition
                    .Match.Literals.Except(values)
                    .Select(literal => Nearest.To(literal, values))
                    .FirstOrDefault();
                return $"{condition.Name} is one of "
                    + $"{string.Join(", ", values)}{(misspelt is null ? "" : $" (did you mean '{misspelt}'?)")}";
            });
        return $"no case has {asked}; of the {cases.Count} cases chosen, {string.Join("; ", there)}";
    }

    private static UsageException Fault(string message) => new($"--filter: {message}");

    // `kernel>=6.6` is what one writes first; a shell needs quotes around either form.
    [GeneratedRegex("^(?<key>[A-Za-z][A-Za-z0-9_.-]*)((?<not>!)?=|(?=[<>]))(?<value>.+)$", RegexOptions.Singleline)]
    private static partial Regex KeyAndValue();
}
