namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A scalar with every <c>${…}</c> filled in.</summary>
/// <param name="Written">The scalar it came from; for a bare <c>${dimension}</c> the value in the matrix, which is what
/// to correct.</param>
internal sealed record Text(string Value, YamlScalar Written)
{
    public SourceLocation Source => Written.Source;

    public override string ToString() => Value;
}

/// <summary>Names to one or more values, in the order they were written.</summary>
internal sealed record Table(IReadOnlyList<TableEntry> Entries);

internal sealed record TableEntry(YamlScalar Name, IReadOnlyList<Text> Values);
