namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A value in a YAML file that still knows where it stands.</summary>
/// <param name="Weight">How many nodes a visitor meets in it, with every alias followed; a long text weighs more than
/// one.</param>
internal abstract record YamlNode(SourceLocation Source, int Weight)
{
    /// <summary>The node in the words of an error message.</summary>
    public abstract string Kind { get; }
}

/// <param name="Quoted">Written between quotes, so that it is text even when empty.</param>
/// <param name="OneLine">Whether an index into the value can be counted from where the scalar begins.</param>
internal sealed record YamlScalar(SourceLocation Source, string Value, bool Quoted, bool OneLine)
    : YamlNode(Source, 1 + (Value.Length / 64))
{
    public bool IsNull => !Quoted && Value is "" or "~" or "null";

    public override string Kind => IsNull ? "nothing" : Nearest.Quote(Value);

    /// <summary>Where the character with this index stands.</summary>
    public SourceLocation At(int index) =>
        OneLine ? Source with { Column = Source.Column + index + (Quoted ? 1 : 0) } : Source;
}

internal sealed record YamlList(SourceLocation Source, int Weight, IReadOnlyList<YamlNode> Items)
    : YamlNode(Source, Weight)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(
    SourceLocation Source,
    int Weight,
    IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries
) : YamlNode(Source, Weight)
{
    public override string Kind => "a mapping";
}
