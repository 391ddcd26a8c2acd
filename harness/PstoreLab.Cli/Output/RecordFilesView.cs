using PstoreLab.Cli.Stores;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>Record files for a person: each with what is wrong with it, and at the end what the kernels said.</summary>
internal static class RecordFilesView
{
    /// <param name="text">Where the texts go, past all markup and wrapping; the same stream as the console's.</param>
    public static void Print(IAnsiConsole console, TextWriter text, IReadOnlyList<RecordFile> files)
    {
        int damaged = files.Count(file => RecordContent.Of(file).Marks.Where is not null);
        console.MarkupLine($"{Many(files.Count, "record file")}{(damaged > 0 ? $", {damaged} DAMAGED" : "")}\n");
        foreach (var file in files)
            Print(console, file);
        new TextsView(console, text).Print(RecordContent.Of(files), "");
    }

    private static void Print(IAnsiConsole console, RecordFile file)
    {
        console.MarkupLine($"[bold]{Safe(file.Path)}[/]{Safe(Header(file.Name, file.Decompressed))}");
        console.MarkupLine(
            "    "
                + Safe(
                    $"{Named(file)}{Many(file.Payload.Length, "byte")}"
                        + Compression(file.MarkedCompressed, file.Decompressed)
                )
        );
        if (file.Ecc is { CorrectedBytes: 0, UnrecoverableBlocks: 0 })
            console.MarkupLine("    ECC: no errors");
        else if (file.Ecc is { } ecc)
            console.MarkupLine(
                $"    ECC: {Many(ecc.CorrectedBytes, "byte")} corrected, "
                    + $"{Many(ecc.UnrecoverableBlocks, "block")} beyond repair"
            );
        if (Unused(file.Decompressed) is { } unused)
            console.MarkupLine($"    [yellow]![/] {Safe(unused)}");
        if (file.Decompressed.Fault is { } fault)
            console.MarkupLine($"    [red]✗[/] {Safe(fault)}");
    }

    // Where pstore's name of it is another than the file's.
    private static string Named(RecordFile file) =>
        file.Label == file.Name.ToString() && file.Label != Path.GetFileName(file.Path) ? $"{file.Label}, " : "";
}
