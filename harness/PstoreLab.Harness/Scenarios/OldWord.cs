namespace PstoreLab.Harness.Scenarios;

/// <summary>A key or value of a scenario that still has its name of the version before.</summary>
public sealed record OldWord(SourceLocation Source, string Word, string Now)
{
    private const string ReadUntil = "0.3";

    /// <summary>The notice for the author of the file.</summary>
    public override string ToString() =>
        $"{Source}: '{Word}' is called '{Now}' now; the old word is read until {ReadUntil}";
}
