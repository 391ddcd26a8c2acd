using PstoreLab.Records;
using PstoreLab.Records.Ftrace;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>What the kernels said: the dumps that records make, and what else is text in them.</summary>
/// <param name="text">Where the texts go, past all markup and wrapping; the same stream as the console's.</param>
internal sealed class TextsView(IAnsiConsole console, TextWriter text)
{
    /// <param name="state">Behind each title: what has become of these records, all of one state.</param>
    public void Print(IReadOnlyList<RecordContent> records, string state)
    {
        foreach (var dump in RecordContent.Dumps(records))
        {
            int parts = dump.Parts.Count;
            string missing = dump.MissingParts.Count > 0 ? $", {string.Join(", ", dump.MissingParts)}" : "";
            string what =
                dump.Header is { } header ? $"{header.Reason}#{header.Count}, {Many(parts, "part")}{missing}"
                : parts == 1 ? "a dump without a header"
                : $"a dump without a header, {Many(parts, "part")}{missing}";
            if (parts > 1 && dump.PartsByName > 0)
                what +=
                    dump.PartsByName == parts
                        ? ", put together by the names alone"
                        : $", {dump.PartsByName} of them in place by the name alone";
            var damaged = dump.Parts.Select(Of).Where(part => part.Marks.Where is not null).ToList();
            string damage =
                parts == 1 || damaged.Count == 0
                    ? Damage(damaged.FirstOrDefault())
                    : $", DAMAGED: {string.Join("; ", damaged.Select(part => $"{part.Label}: {part.Marks.Where}"))}";
            string first = Of(dump.Parts[0]).Label;
            string labels = parts == 1 ? first : $"{Of(dump.Parts[^1]).Label} to {first}";
            Text($"{what}{damage}, {labels}{state}", dump.Text);
            foreach (var part in dump.Parts.Select(Of))
            {
                if (part.ReconstructionEnded)
                    console.MarkupLine(
                        $"[yellow]![/] the text behind the damage of {Safe(part.Label)} was looked for, for "
                            + $"{RecordContent.LongestSalvage.TotalSeconds} s, and not found"
                    );
                if (part.Reconstruction is { } made)
                    Text(
                        $"reconstruction of {part.Label}, no record{(made.IsCertain ? "" : ", uncertain")}: {made.How}",
                        RecordText.FromBytes(made.Text.Span)
                    );
            }
        }
        foreach (var record in records.Where(record => record.Name.Type is RecordType.Console or RecordType.Pmsg))
            Text($"{record.Label}{Damage(record)}{state}", record.Text);
        var traces = records.Where(record => record.Name.Type == RecordType.Ftrace).ToList();
        foreach (var file in traces.Where(trace => trace.Calls is null))
            Text($"{file.Label}{Damage(file)}{state}", file.Text);
        // A kernel makes one file of the zones of all CPUs.
        foreach (var zones in traces.Where(trace => trace.Calls is not null).GroupBy(zone => zone.Label))
            Calls([.. zones], state);

        // It was without its place when it was given.
        RecordContent Of(DumpPart part) => records.First(record => record.Part == part with { PartByName = null });
    }

    private void Calls(IReadOnlyList<RecordContent> zones, string state)
    {
        string damage = Damage(zones.FirstOrDefault(zone => zone.Marks.Where is not null));
        var calls = FtraceLog.Merge(zones.Select(zone => zone.Calls ?? []));
        if (calls.Count > 0)
            Text(
                $"{zones[0].Label}, {Many(calls.Count, "call")}, without the names of functions{damage}{state}",
                FtraceLog.ToText(calls)
            );
    }

    private static string Damage(RecordContent? record) =>
        record?.Marks.Where is { } where ? $", DAMAGED: {where}" : "";

    private void Text(string title, string content)
    {
        console.MarkupLine("");
        console.MarkupLine($"[bold]──── {Safe(title)}[/]");
        string shown = RecordText.ForDisplay(content);
        text.Write(shown.EndsWith('\n') || shown.Length == 0 ? shown : shown + "\n");
    }
}
