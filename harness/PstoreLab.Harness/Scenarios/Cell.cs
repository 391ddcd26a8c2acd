using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>One choice of a value for each dimension of a matrix.</summary>
internal sealed class Cell
{
    private readonly OrderedDictionary<string, Text> written;
    private readonly OrderedDictionary<string, Text> filled = [];
    private readonly List<string> pending = [];

    /// <param name="written">The chosen values, which may refer to each other.</param>
    public Cell(OrderedDictionary<string, Text> written)
    {
        this.written = written;
        foreach (var (name, text) in written)
            ValueOf(name, text.Source);
        Dimensions = new OrderedDictionary<string, string>(
            written.Keys.Select(name => KeyValuePair.Create(name, filled[name].Value))
        );
    }

    public IReadOnlyDictionary<string, string> Dimensions { get; }

    /// <summary>Where to correct the value that makes this cell what it is.</summary>
    public SourceLocation? Source => written.Count == 0 ? null : written.GetAt(written.Count - 1).Value.Source;

    /// <summary>The cell with other values in some dimensions; those that refer to them follow.</summary>
    public Cell With(IReadOnlyDictionary<string, string> values) =>
        new(
            new(
                written.Select(dimension =>
                    KeyValuePair.Create(
                        dimension.Key,
                        values.TryGetValue(dimension.Key, out var value)
                            ? new Text(value, dimension.Value.Written with { Value = value })
                            : dimension.Value
                    )
                )
            )
        );

    public Text? Find(string dimension) => filled.GetValueOrDefault(dimension);

    public Text Fill(YamlScalar scalar) => Placeholders.Fill(scalar, ValueOf);

    public IEnumerable<string> ValuesOf(string dimension) =>
        Dimensions.TryGetValue(dimension, out var value) ? [value]
        : dimension == DimensionMatch.Kernel ? Dimensions.Where(d => d.Key is "writer" or "reader").Select(d => d.Value)
        : [];

    private Text ValueOf(string name, SourceLocation asked)
    {
        if (filled.TryGetValue(name, out var known))
            return known;
        if (!written.TryGetValue(name, out var text))
            throw asked.Fault(Nearest.Unknown("dimension", name, written.Keys));
        if (pending.Contains(name))
        {
            var circle = string.Join(" → ", [.. pending.SkipWhile(n => n != name), name]);
            throw asked.Fault($"found a circle of references ({circle}), expected values");
        }

        pending.Add(name);
        var value = Fill(text.Written);
        pending.Remove(name);
        return filled[name] = value;
    }
}
