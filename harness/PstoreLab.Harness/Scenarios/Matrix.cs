using System.Text.RegularExpressions;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>The product of all dimensions' values; the last dimension varies fastest.</summary>
internal static partial class Matrix
{
    private const int MaxCells = 10_000;
    private const int MaxDimensions = 32;

    // Keys of CaseFilter that mean something else.
    private static readonly string[] Reserved = ["family", "scenario", "quick"];

    public static IReadOnlyList<Cell> Expand(Table? matrix)
    {
        var dimensions = matrix?.Entries ?? [];
        if (dimensions.Count > MaxDimensions)
            throw dimensions[MaxDimensions]
                .Name.Source.Fault($"found {dimensions.Count} dimensions, expected at most {MaxDimensions}");
        var product = 1L;
        foreach (var (name, values) in dimensions)
        {
            Check(name, values);
            product *= values.Count;
            if (product > MaxCells)
                throw name.Source.Fault($"found a matrix of {product} cells or more, expected at most {MaxCells}");
        }

        return [.. Enumerable.Range(0, (int)product).Select(index => Choose(dimensions, index))];
    }

    private static void Check(YamlScalar name, IReadOnlyList<Text> values)
    {
        if (!Name().IsMatch(name.Value))
            throw name.Source.Fault(
                $"found the dimension {Nearest.Quote(name.Value)}, expected a name of letters, digits, '-' and '_'"
            );
        if (Reserved.Contains(name.Value))
            throw name.Source.Fault(
                $"found the dimension '{name.Value}', expected another name: every case already has a {name.Value}"
            );
        if (values.Count == 0)
            throw name.Source.Fault($"the dimension '{name.Value}' has no values, expected at least one");
        if (values.FirstOrDefault(value => value.Value.Length == 0) is { } empty)
            throw empty.Source.Fault(
                $"found an empty value, expected one that differs from the others in '{name.Value}'"
            );
    }

    private static Cell Choose(IReadOnlyList<TableEntry> dimensions, int index)
    {
        var chosen = new Text[dimensions.Count];
        for (var i = dimensions.Count - 1; i >= 0; i--)
            (index, chosen[i]) = (
                index / dimensions[i].Values.Count,
                dimensions[i].Values[index % dimensions[i].Values.Count]
            );
        return new Cell(
            new(dimensions.Zip(chosen, (dimension, value) => KeyValuePair.Create(dimension.Name.Value, value)))
        );
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex Name();
}
