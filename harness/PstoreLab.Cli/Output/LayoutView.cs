using System.Text.Json.Nodes;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops.Boards;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>Two divisions of a ramoops area side by side, and what of the first the second shows.</summary>
internal static class LayoutView
{
    public static void Print(IAnsiConsole console, LayoutComparison comparison)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("at").RightAligned());
        table.AddColumn("writer");
        table.AddColumn("reader");
        var offsets = comparison.Writer.Concat(comparison.Reader).Select(zone => zone.Offset).Distinct().Order();
        foreach (long offset in offsets)
            table.AddRow($"0x{offset:x}", At(comparison.Writer, offset), At(comparison.Reader, offset));
        console.Write(table);
        foreach (var zone in comparison.Reader)
            console.MarkupLine($"{Safe(zone.Place.PadRight(16))} {Shows(zone)}");
        console.MarkupLine("");
        foreach (var zone in comparison.Writer.Where(zone => zone.Fate != ZoneFate.Whole))
            console.MarkupLine($"[yellow]![/] the writer's {Safe(zone.Place)}: {Becomes(zone.Fate)}");
        if (comparison.Reader.Any(zone => zone.Type == RecordType.Ftrace && zone.Fate == ZoneFate.Whole))
            console.MarkupLine("• ftrace is shown by a kernel of the writer's own version alone");
        int whole = comparison.Writer.Count(zone => zone.Fate == ZoneFate.Whole);
        console.MarkupLine(
            comparison.ShowsAll
                ? "The reader shows all that the writer left."
                : $"The reader shows {whole} of the writer's {Many(comparison.Writer.Count, "record")} whole."
        );
    }

    public static string Json(LayoutComparison comparison) =>
        new JsonObject
        {
            ["writer"] = Zones(comparison.Writer),
            ["reader"] = Zones(comparison.Reader),
            ["showsAll"] = comparison.ShowsAll,
        }.ToJsonString(StoreJson.Readable);

    private static JsonArray Zones(IReadOnlyList<ComparedZone> zones) =>
        new([
            .. zones.Select(zone => new JsonObject
            {
                ["zone"] = zone.Place,
                ["offset"] = zone.Offset,
                ["size"] = zone.Size,
                ["fate"] = StoreJson.Word(zone.Fate),
                ["of"] = zone.Of,
            }),
        ]);

    private static string At(IReadOnlyList<ComparedZone> zones, long offset) =>
        zones.FirstOrDefault(zone => zone.Offset == offset) is { } zone ? Safe($"{zone.Place}, {zone.Size}") : "";

    private static string Shows(ComparedZone zone) =>
        zone.Fate switch
        {
            ZoneFate.Whole => $"[green]shows {Safe(zone.Of!)} of the writer, whole[/]",
            ZoneFate.Part => $"[yellow]shows {Safe(zone.Of!)} of the writer, not to the byte[/]",
            ZoneFate.Garbled when zone.Of is not null => $"[red]shows bytes of the writer's {Safe(zone.Of)}[/]",
            ZoneFate.Garbled => "[red]shows bytes that are no record[/]",
            _ => "[grey]shows nothing[/]",
        };

    private static string Becomes(ZoneFate fate) =>
        fate switch
        {
            ZoneFate.Part => "not shown as it was written",
            ZoneFate.Garbled => "shown as something that it is not",
            _ => "lost: the reader takes what is there for empty, or for damaged, and empties it",
        };
}
