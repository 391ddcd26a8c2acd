using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// Reads conditions on dimensions, and refuses names and values that no cell has: they would never hold, and nobody
/// would notice.
/// </summary>
/// <param name="dimensions">The names of a message that says what there is.</param>
/// <param name="valuesOf">All values that a dimension has in any cell.</param>
internal sealed class ConditionReader(
    IReadOnlyCollection<string> dimensions,
    Func<string, IEnumerable<string>> valuesOf
)
{
    private readonly Dictionary<string, string[]> known = [];

    public DimensionMatch Read(Table table) => new() { Conditions = [.. table.Entries.Select(Read)] };

    private (string Name, ValueMatch Match) Read(TableEntry condition)
    {
        var (name, patterns) = condition;
        if (!known.TryGetValue(name.Value, out var values))
            known[name.Value] = values = [.. valuesOf(name.Value).Distinct()];
        if (values.Length == 0)
            throw name.Source.Fault(Nearest.Unknown("dimension", name.Value, dimensions));
        if (patterns.Count == 0)
            throw name.Source.Fault($"found no value for '{name.Value}', expected at least one");
        foreach (var pattern in patterns)
        {
            var match = ValueMatch.Parse(pattern.Value, message => pattern.Source.Fault(message));
            if (match.Literals.FirstOrDefault(literal => !values.Contains(literal)) is { } missing)
                throw pattern.Source.Fault(Nearest.Unknown(name.Value, missing, values));
        }

        return (
            name.Value,
            ValueMatch.Parse([.. patterns.Select(pattern => pattern.Value)], message => name.Source.Fault(message))
        );
    }
}
