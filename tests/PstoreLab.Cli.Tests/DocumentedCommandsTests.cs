using System.Text.RegularExpressions;
using PstoreLab.Cli.Help;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Tests;

/// <summary>
/// Every command in the documents can be meant: its options exist, and so do the cases that it names.
/// </summary>
public sealed partial class DocumentedCommandsTests
{
    // What a document calls a thing of the reader's own.
    private static readonly string[] Placeholders = ["CASE", "FILE", "KERNEL", "A", "B", "STORE", "WRITER", "READER"];

    private static string Root => Checkout.Find(AppContext.BaseDirectory).Root;

    private static IEnumerable<string> Pages() =>
        [
            "README.md",
            "CONTRIBUTING.md",
            "SECURITY.md",
            "scenarios/README.md",
            .. Directory
                .EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
                .Select(path => $"docs/{Path.GetFileName(path)}"),
        ];

    [TestCaseSource(nameof(Pages))]
    public void Its_commands_can_be_meant(string page)
    {
        var root = CommandLine.Root();
        var lab = new Lab(Checkout.Find(AppContext.BaseDirectory), TimeProvider.System);
        string[] bugs = [.. lab.Scenarios.Bugs().Select(known => known.Name)];
        foreach (string line in CommandsIn(File.ReadAllText(Path.Combine(Root, page))))
        {
            string[] words = [.. Words().Matches(line).Select(match => match.Value.Replace("'", "").Replace("\"", ""))];
            var parsed = root.Parse(words);
            Assert.That(UsageFaults.Of(parsed), Is.Empty, $"{page}: pstorelab {line}");
            if (words is ["run" or "list" or "explain", var name, ..] && IsName(name) && !words.Contains("--bugs"))
                Assert.That(lab.Scenarios.Load([name]), Is.Not.Empty, $"{page}: pstorelab {line}");
            if (words is ["list", "--bugs", [not '-', ..] bug, ..])
                Assert.That(bugs, Does.Contain(bug), $"{page}: pstorelab {line}");
        }
    }

    [Test]
    public void Commands_are_found_in_text_and_in_blocks()
    {
        Assert.That(
            CommandsIn(
                """
                Call `pstorelab doctor`, a mere name, or `bin/pstorelab run cycle
                --json`; not `pstorelab: an error` nor `pstorelab` alone.
                $ bin/pstorelab decode a.bin --json | jq .
                    pstorelab judge out/latest
                `pstorelab run [FILTER…]`
                """
            ),
            Is.EqualTo(["run cycle --json", "decode a.bin --json", "judge out/latest"])
        );
    }

    [Test]
    public void Some_are_there() =>
        Assert.That(
            Pages().Sum(page => CommandsIn(File.ReadAllText(Path.Combine(Root, page))).Count()),
            Is.GreaterThan(30)
        );

    /// <summary>Their words behind the program's name, without what a pipe leads to; no usage lines, and no mere
    /// names.</summary>
    private static IEnumerable<string> CommandsIn(string text) =>
        Spans()
            .Matches(text)
            .Concat(Lines().Matches(text))
            .OrderBy(match => match.Index)
            .Select(match => Breaks().Replace(match.Groups["words"].Value, " ").Trim())
            .Where(line =>
                line.Contains(' ', StringComparison.Ordinal) && !line.StartsWith("help ", StringComparison.Ordinal)
            )
            .Where(line => !line.AsSpan().ContainsAny("[…"));

    private static bool IsName(string word) =>
        word is not ['-' or '$', ..]
        && !word.EndsWith(".yaml", StringComparison.Ordinal)
        && !Placeholders.Contains(word);

    [GeneratedRegex(@"`(?:bin/)?pstorelab (?<words>[^`|>#]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Spans();

    [GeneratedRegex(
        @"^\s*(\$ )?(bin/)?pstorelab (?<words>[^`|>#\n]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Lines();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"(?:'[^']*'|""[^""]*""|\S)+")]
    private static partial Regex Words();
}
