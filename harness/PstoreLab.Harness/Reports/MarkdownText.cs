using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Reports;

/// <summary>Texts that others have written, in GitHub's Markdown.</summary>
internal static partial class MarkdownText
{
    /// <summary>
    /// As it is, on one line: a bar would end a table's cell, and what else Markdown obeys could be a picture, a link
    /// or HTML.
    /// </summary>
    public static string Escaped(string text) => Active().Replace(VisibleText.OneLine(text), @"\$0");

    // The colon of an address and the dot behind www: without them nothing is made a link by itself. An underscore in a
    // word is none that Markdown obeys.
    [GeneratedRegex(@"[\\|<&\[\]`*~$]|(?<!\w)_|_(?!\w)|(?<=\b(?:https?|ftp)):|(?<=\bwww)\.", RegexOptions.IgnoreCase)]
    private static partial Regex Active();
}
