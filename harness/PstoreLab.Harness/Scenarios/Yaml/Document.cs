namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>
/// A mapping that was bound to its C# type: each public property of the type is a key, in kebab-case.
/// </summary>
internal abstract record Document
{
    public SourceLocation Source { get; internal set; }
}
