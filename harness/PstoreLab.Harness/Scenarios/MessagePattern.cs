namespace PstoreLab.Harness.Scenarios;

/// <summary>A part of a line that tells a bug, with <c>*</c> for what differs.</summary>
public sealed record MessagePattern(string Text)
{
    private readonly string[] _parts = Text.Split('*');

    /// <summary>Whether a line has it, wherever in it that begins.</summary>
    public bool Matches(string line)
    {
        int at = 0;
        foreach (string part in _parts)
        {
            int found = line.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return true;
    }

    public bool Equals(MessagePattern? other) => Text == other?.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
