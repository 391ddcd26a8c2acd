using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// The user's own known bugs, of a file outside of the checkout. An entry excuses what it names, up to its day, and
/// nothing else.
/// </summary>
public sealed partial class Quarantine
{
    // `*` would excuse whatever a case fails with.
    private const int LeastNamed = 8;

    private Quarantine(IReadOnlyList<QuarantineEntry> entries) => Entries = entries;

    /// <summary>None.</summary>
    public static Quarantine Empty { get; } = new([]);

    public IReadOnlyList<QuarantineEntry> Entries { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="cases">All there are: what names none of them is a slip of the pen.</param>
    /// <param name="catalogue">The bug catalogue, whose names are taken.</param>
    /// <exception cref="Faults.UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public static Quarantine Load(
        string path,
        Vocabulary vocabulary,
        IReadOnlyList<Case> cases,
        IReadOnlyList<Bug> catalogue
    )
    {
        var document = new Binder(cell: null, new HashSet<OldWord>()).Bind<QuarantineDocument>(
            YamlTree.Parse(SourceText.Read(path))
        );
        var conditions = new ConditionReader(
            [.. cases.SelectMany(@case => @case.Dimensions.Keys).Distinct().Order(StringComparer.Ordinal)],
            name => ValuesOf(name, vocabulary, cases)
        );
        var names = catalogue.Select(bug => bug.Name).ToHashSet();
        return new Quarantine([.. document.Known.Select(entry => Read(entry, cases, conditions, names))]);
    }

    /// <summary>The cases, each with what is known of it; an entry that has expired excuses nothing.</summary>
    /// <exception cref="Faults.UsageException">A case cannot show what is to be there instead.</exception>
    public IReadOnlyList<Case> AppliedTo(IReadOnlyList<Case> cases, DateOnly today)
    {
        QuarantineEntry[] valid = [.. Entries.Where(entry => !entry.IsExpired(today))];
        return valid.Length == 0
            ? cases
            :
            [
                .. cases.Select(@case =>
                    valid.Where(entry => entry.Names(@case)).Aggregate(@case, (known, entry) => entry.Excuse(known))
                ),
            ];
    }

    /// <summary>What to say of entries that have expired, a sentence each.</summary>
    public IEnumerable<string> Expired(DateOnly today) =>
        Entries
            .Where(entry => entry.IsExpired(today))
            .Select(entry =>
                $"{entry.Source}: '{entry.Bug}' expired on {Day(entry.Until)} and excuses nothing any more; see "
                + $"{entry.Ticket}, then delete it or give it another day"
            );

    /// <summary>What to say of entries whose cases have passed, a sentence each.</summary>
    /// <param name="run">The cases that were run.</param>
    /// <param name="passed">The ids of those that passed.</param>
    public IEnumerable<string> Passed(IReadOnlyList<Case> run, IReadOnlyCollection<string> passed, DateOnly today)
    {
        const int shown = 5;
        foreach (var entry in Entries.Where(entry => !entry.IsExpired(today)))
        {
            string[] named = [.. run.Where(entry.Names).Select(@case => @case.Id)];
            string[] good = [.. named.Where(passed.Contains)];
            if (good.Length == 0)
                continue;
            string which = string.Join(", ", good.Take(shown)) + (good.Length > shown ? ", …" : "");
            yield return good.Length == named.Length
                ? $"{entry.Source}: '{entry.Bug}' excuses nothing: all of its cases that were run passed ({which}); "
                    + "delete the entry"
                : $"{entry.Source}: '{entry.Bug}' excuses more than it must: {good.Length} of {named.Length} of its "
                    + $"cases passed ({which}); narrow the entry";
        }
    }

    /// <summary>The bug catalogue with these among it.</summary>
    public IReadOnlyList<Bug> With(IReadOnlyList<Bug> catalogue) =>
        [.. catalogue.Concat(Entries.Select(entry => entry.AsBug())).OrderBy(bug => bug.Name, StringComparer.Ordinal)];

    private static QuarantineEntry Read(
        QuarantineEntryDocument entry,
        IReadOnlyList<Case> cases,
        ConditionReader conditions,
        HashSet<string> names
    )
    {
        if (!Name().IsMatch(entry.Bug.Value))
            throw entry.Bug.Source.Fault(
                $"found the bug {Nearest.Quote(entry.Bug.Value)}, expected a name of letters, digits, '-', '_' and '.'"
            );
        if (!names.Add(entry.Bug.Value))
            throw entry.Bug.Source.Fault(
                $"found the bug '{entry.Bug.Value}' a second time, or in the catalogue; call this one something else"
            );
        if (entry.Cases.Count == 0)
            throw entry.Source.Fault("found no case, expected at least one under 'cases'");
        foreach (var pattern in entry.Cases)
        {
            if (!cases.Any(@case => CasePattern.Matches(pattern.Value, @case.Id)))
                throw pattern.Source.Fault(
                    $"no case is {Nearest.Quote(pattern.Value)}; nearest are "
                        + string.Join(", ", Nearest.Few(pattern.Value, cases.Select(@case => @case.Id)))
                );
        }
        if (entry.Findings.FirstOrDefault(text => text.Value.Count(c => c != '*') < LeastNamed) is { } anything)
            throw anything.Source.Fault(
                $"found the finding {Nearest.Quote(anything.Value)}, which excuses nearly anything; expected the text "
                    + "of a finding, with * for what differs"
            );
        if (
            !DateOnly.TryParseExact(
                entry.Until.Value,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var until
            )
        )
            throw entry.Until.Source.Fault(
                $"found {Nearest.Quote(entry.Until.Value)}, expected a day such as 2027-03-31"
            );
        if (string.IsNullOrWhiteSpace(entry.Ticket.Value))
            throw entry.Ticket.Source.Fault("found an empty ticket, expected where the bug is followed");
        return new QuarantineEntry(entry, until, entry.When is null ? null : conditions.Read(entry.When));
    }

    // A run with kernels of the user's own has fewer names than there are.
    private static IEnumerable<string> ValuesOf(string name, Vocabulary vocabulary, IReadOnlyList<Case> cases) =>
        cases
            .SelectMany(@case => DimensionMatch.ValuesOf(@case, name))
            .Concat(KernelDimensions.Names.Contains(name) ? vocabulary.Kernels : []);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    private static partial Regex Name();
}
