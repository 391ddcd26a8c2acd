using PstoreLab.Harness.Reports.Atlas;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>What an atlas holds, and where it lies.</summary>
internal static class AtlasView
{
    public static void Print(IAnsiConsole console, AtlasContent atlas, string folder)
    {
        foreach (var map in atlas.Maps)
            console.MarkupLine(
                $"{Plain(map.Backend)} {Plain(map.Compressor)}: {map.Writers.Count} × {map.Readers.Count}, "
                    + $"{VerdictTable.Summary([.. map.Cells.Select(cell => cell.Verdict)])}"
            );
        if (atlas.Unplaced.Count > 0)
            console.MarkupLine(
                $"[yellow]on no map:[/] {atlas.Unplaced.Count}, of which it is not known which kernel they boot"
            );
        console.MarkupLineInterpolated($"{Path.Combine(folder, AtlasFiles.Html)}");
        console.MarkupLineInterpolated($"{Path.Combine(folder, AtlasFiles.Json)}");
    }

    // Words of a scenario, which may come from somebody else with its run.
    private static string Plain(string name) =>
        string.Concat(name.Select(character => char.IsAscii(character) && !char.IsControl(character) ? character : '?'))
            .EscapeMarkup();
}
