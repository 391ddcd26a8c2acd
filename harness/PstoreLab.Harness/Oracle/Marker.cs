using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Oracle;

/// <summary>A line that the agent wrote into the kernel log before a crash.</summary>
internal sealed partial record Marker(string Nonce, int Number, int Count)
{
    /// <summary>The line, without its end.</summary>
    public string Text => $"pstorelab: mark {Nonce} {Number}/{Count}";

    public static Marker? Parse(string text)
    {
        var match = Pattern().Match(text);
        return
            match.Success
            && int.TryParse(match.Groups[2].ValueSpan, out int number)
            && int.TryParse(match.Groups[3].ValueSpan, out int count)
            ? new Marker(match.Groups[1].Value, number, count)
            : null;
    }

    /// <summary>The line, without its end.</summary>
    public override string ToString() => $"pstorelab: mark {Nonce} {Number}/{Count}";

    [GeneratedRegex(@"^pstorelab: mark ([a-z0-9]+) (\d{1,6})/(\d{1,6})$")]
    private static partial Regex Pattern();
}
