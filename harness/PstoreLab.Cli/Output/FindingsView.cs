using PstoreLab.Cli.Stores;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>All that was found for a person: record files together, then each file with stores.</summary>
internal static class FindingsView
{
    /// <inheritdoc cref="StoreView.Print"/>
    public static void Print(IAnsiConsole console, TextWriter text, Findings findings, bool lost, bool fields)
    {
        if (findings.Records.Count > 0)
            RecordFilesView.Print(console, text, findings.Records);
        foreach (var file in findings.Stores)
        {
            if (file != findings.Stores[0] || findings.Records.Count > 0)
                console.MarkupLine("");
            StoreView.Print(console, text, file, lost, fields);
        }
        if (findings.Unread.Count > 0)
            console.MarkupLine($"\n[grey]{Safe(RecordFolder.Unread(findings.Unread))}[/]");
    }
}
