using System.Buffers;
using System.Globalization;
using System.Text;

namespace PstoreLab.Harness.Host;

/// <summary>
/// Text of which guests, kernels, stores and file names have written some, for a person. What a terminal obeys, and
/// what turns a text or hides in it, is shown as <c>\xNN</c> or <c>\u{NNNN}</c>. Whatever prints something or writes a
/// report passes it through here, so that nothing before it needs to.
/// </summary>
public static class VisibleText
{
    // Nearly all text is.
    private static readonly SearchValues<char> Plain = SearchValues.Create([
        '\n',
        '\t',
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value),
    ]);

    /// <summary>A text of lines: line feeds and tabs stay.</summary>
    public static string Of(string text) => Replace(text, Escape);

    /// <summary>The same on one line.</summary>
    public static string OneLine(string text) => Of(text.ReplaceLineEndings(" "));

    /// <summary>JSON: the same characters are escaped as it escapes them, so that it still means the same.</summary>
    public static string OfJson(string json) =>
        Replace(json, rune => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));

    private static string Replace(string text, Func<Rune, string> escape)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;
        // Half a character, which no file can hold, becomes U+FFFD.
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            shown.Append(IsUnseen(rune) ? escape(rune) : rune.ToString());
        return shown.ToString();
    }

    private static string Escape(Rune rune) => rune.Value <= 0xff ? $"\\x{rune.Value:x2}" : $"\\u{{{rune.Value:x}}}";

    // Escapes are for terminals, of C1 as well (0x9b is one by itself); and what turns the direction of a text, or
    // hides in it, could have it say something else than it does.
    private static bool IsUnseen(Rune rune) =>
        rune.Value is not ('\n' or '\t')
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned;
}
