namespace PstoreLab.Harness.Oracle;

/// <summary>Lines as a finding quotes them: one of a thousand characters is cut to the place that matters.</summary>
internal static class QuotedLine
{
    private const int MaxLength = 160;
    private const int BeforeDifference = 60;

    /// <summary>The line, or its beginning.</summary>
    public static string Of(string line) => Cut(line, 0);

    /// <summary>Two lines, both cut around the first place where they differ.</summary>
    public static (string A, string B) Apart(string a, string b)
    {
        int common = a.AsSpan().CommonPrefixLength(b);
        int start = Math.Max(a.Length, b.Length) > MaxLength ? Math.Max(0, common - BeforeDifference) : 0;
        return (Cut(a, start), Cut(b, start));
    }

    private static string Cut(string line, int start)
    {
        string rest = line[Math.Min(start, line.Length)..];
        return (start > 0 ? "…" : "") + (rest.Length > MaxLength ? rest[..MaxLength] + "…" : rest);
    }
}
