using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Records;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// What pstore and its backends say on the console of a boot, without the numbers that differ from run to run.
/// </summary>
internal static partial class PstoreMessages
{
    // The words of fs/pstore/, 5.10 to 7.2, and those of each backend.
    private static readonly Regex Speaker = new(
        string.Join(
            '|',
            [
                "pstore",
                "crypto_a?comp_",
                "zlib_(?:in|de)flate",
                "decompression failed",
                .. BackendCatalogue.All.SelectMany(backend => backend.Speakers),
            ]
        )
    );

    /// <summary>Each as <c>boot 2: text</c>.</summary>
    public static IReadOnlySet<string> In(CaseFolder folder)
    {
        var messages = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (boot, console) in BootConsoles.Of(folder))
            messages.UnionWith(Of(console).Select(message => $"boot {boot}: {message}"));
        return messages;
    }

    /// <summary>The messages of one console.</summary>
    public static IEnumerable<string> Of(string console) =>
        AsPrinted(console)
            .Select(message =>
                Number()
                    .Replace(message, match => match.Value.StartsWith("0x", StringComparison.Ordinal) ? "0x…" : "…")
                    .Trim()
            )
            .Distinct();

    /// <summary>The same word for word, in their order, as often as they come.</summary>
    public static IEnumerable<string> AsPrinted(string console) =>
        LogLine
            .ParseAll(console)
            .Where(line => line.Timestamp is not null && Speaker.IsMatch(line.Text) && !Other().IsMatch(line.Text))
            .Select(line => RecordText.ForDisplay(line.Text));

    // Our own marker lines; command lines and lists of modules, which only name pstore; call traces, ACPI's list of
    // tables.
    [GeneratedRegex(@"^pstorelab: |[Cc]ommand line|^Modules linked in|^ |^\[|^ACPI: |^CPU: |^RIP: ")]
    private static partial Regex Other();

    // A code such as -22 says something, a size or an address does not.
    [GeneratedRegex(@"0x[0-9a-fA-F]+|(?<![\w.])\d{3,}(?![\w.])")]
    private static partial Regex Number();
}
