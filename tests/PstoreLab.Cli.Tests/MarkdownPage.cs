using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Tests;

/// <summary>The documents of a checkout.</summary>
internal static class MarkdownPage
{
    private const string Fence = "```";

    public static string Root { get; } = Checkout.Find().Root;

    /// <summary>The lines of the blocks of sh in a page of docs/.</summary>
    public static IEnumerable<string> Commands(string page)
    {
        bool inside = false;
        foreach (string line in File.ReadLines(Path.Combine(Root, "docs", page)))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                inside = !inside && line == Fence + "sh";
            else if (inside)
                yield return line;
        }
    }
}
