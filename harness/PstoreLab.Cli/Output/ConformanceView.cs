using PstoreLab.Harness.Archiving;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// What <c>archive-check</c> found: a table of properties by release, and every cause with the smallest example.
/// </summary>
internal static class ConformanceView
{
    /// <param name="sets">What the record sets are, for the last line.</param>
    public static void Print(
        IAnsiConsole console,
        string sets,
        IReadOnlyList<ReleaseReport> reports,
        IReadOnlyDictionary<string, string> causes
    )
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("right of all that show it");
        foreach (var report in reports)
            table.AddColumn(new TableColumn($"{report.Release}\n{Systemd(report)}".EscapeMarkup()).RightAligned());
        foreach (
            var property in Enum.GetValues<ArchiveProperty>()
                .Where(property => reports.Any(report => report.Properties.Any(shown => shown.Property == property)))
        )
            table.AddRow([
                Word(property),
                .. reports.Select(report =>
                    Cell(report.Properties.FirstOrDefault(shown => shown.Property == property))
                ),
            ]);
        table.AddRow(["record sets per second", .. reports.Select(report => $"{report.SetsPerSecond:f0}")]);
        console.Write(table);

        foreach (
            var alike in reports
                .SelectMany(report =>
                    report.Properties.SelectMany(property =>
                        property.Causes.Select(cause => (Report: report, Property: property.Property, Cause: cause))
                    )
                )
                .GroupBy(one => one.Cause.Known)
                .OrderBy(group => group.Key is not null)
        )
        {
            console.MarkupLine(
                alike.Key is { } known
                    ? $"[yellow]known[/] [bold]{known.Id}[/]\n    {causes[known.Id].EscapeMarkup()}"
                    : "[red]not known[/]"
            );
            foreach (var same in alike.GroupBy(one => one.Property))
            {
                string releases = string.Join(", ", same.Select(one => $"{one.Report.Release} {one.Cause.Sets}"));
                console.MarkupLineInterpolated($"    {Word(same.Key)}: {releases}");
                var smallest = same.MinBy(one => one.Cause.Example.Set.Size)!;
                console.MarkupLineInterpolated(
                    $"        [grey]{smallest.Cause.Example.Set}: {OneLine(smallest.Cause.Text)}[/]"
                );
            }
        }

        foreach (var report in reports)
        {
            foreach (var entry in report.Fixed)
            {
                if (report.IsOwn)
                {
                    console.MarkupLineInterpolated(
                        $"[green]fixed[/] [bold]{entry.Id}[/] is not seen in {report.Release}"
                    );
                    continue;
                }
                console.MarkupInterpolated(
                    $"[red]fixed[/] [bold]{entry.Id}[/] is not seen in {report.Release} any more; "
                );
                console.WriteLine("remove the entry from KnownArchiverFaults, or give it a last version");
            }
        }

        string summary =
            reports.All(report => report.Properties.All(property => property.Wrong == 0)) ? "nothing is wrong"
            : reports.All(report => report.IsAsKnown) ? "all that is wrong is catalogued"
            : "not as it is catalogued";
        console.MarkupLineInterpolated($"{summary}; {sets}");
    }

    private static string Systemd(ReleaseReport report) =>
        report.Version is { } version ? $"{SystemdPstore.SystemdOf(version)}" : "";

    private static string Cell(PropertyReport? property) =>
        property switch
        {
            null => "",
            { Wrong: 0 } => $"[green]{property.Right}[/]",
            _ => $"[{(property.Causes.Any(cause => cause.Known is null) ? "red" : "yellow")}]{property.Right} "
                + $"of {property.Right + property.Wrong}[/]",
        };

    private static string Word(ArchiveProperty property) =>
        property switch
        {
            ArchiveProperty.NothingLost => "nothing lost",
            ArchiveProperty.RecordsKept => "each record in its own file",
            ArchiveProperty.Reassembled => "dumps put together",
            ArchiveProperty.NotSplit => "dumps not split",
            ArchiveProperty.NotMerged => "dumps not merged",
            ArchiveProperty.InOrder => "oldest part first",
            ArchiveProperty.TextUnaltered => "text as it was",
            ArchiveProperty.NotRepeated => "nothing twice",
            ArchiveProperty.ModesClosed => "modes 0600 and 0640",
            ArchiveProperty.StoreFreed => "store freed",
            ArchiveProperty.StoreKept => "store kept (Unlink=no)",
            ArchiveProperty.ForeignKept => "other files kept",
            ArchiveProperty.AsExpected => "the archive that is expected",
            _ => "no diagnostic",
        };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
