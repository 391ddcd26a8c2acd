using System.Globalization;
using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The stores of a file for a person: what each is, every record with what is wrong with it, and at the end what the
/// kernels said.
/// </summary>
internal sealed class StoreView
{
    /// <summary>Taken for the reader where no kernel is given.</summary>
    private static readonly Version NewestKernel = new(7, 2);

    private readonly IAnsiConsole _console;
    private readonly TextsView _texts;
    private readonly bool _fields;
    private readonly long _start;
    private readonly int _place;
    private readonly HashSet<(string Type, ulong Id)> _shown;
    private readonly string _hidden;

    private StoreView(IAnsiConsole console, TextWriter text, FoundStore found, bool fields)
    {
        var store = found.Store;
        var reader = store.Options.Kernel ?? NewestKernel;
        _shown =
        [
            .. PstoreListing.Predict(store, reader).Keys.Select(RecordName.Parse).Select(name => (name.Type, name.Id)),
        ];
        _hidden = store.Records.FirstOrDefault(record => record.EndsListing) is { } end
            ? $"a kernel does not come to it: it stops at {end.Place}"
            : $"a kernel such as {reader} does not show it";
        _console = console;
        _texts = new TextsView(console, text);
        _fields = fields;
        _start = found.Offset;
        _place = store.Records.Select(record => record.Place.Length).Append(4).Max();
    }

    /// <param name="text">Where the texts go, past all markup and wrapping; the same stream as the console's.</param>
    /// <param name="lost">Also the texts of records that a kernel does not show.</param>
    public static void Print(IAnsiConsole console, TextWriter text, SearchedFile file, bool lost, bool fields)
    {
        var stores = file.Stores;
        bool searched = stores.Any(found => found.Searched);
        string unpacked = file.Unpacked ? " unpacked" : "";
        string areas = searched ? $", with {Many(stores.Count, What(stores))}" : "";
        console.MarkupLine($"[bold]{Safe(file.Name)}[/], {file.Length} bytes{unpacked}{areas}");
        if (file.Fault is { } fault)
            console.MarkupLine($"[yellow]![/] {Safe(fault)}");
        foreach (var found in stores)
        {
            var view = new StoreView(console, text, found, fields);
            if (searched || found.Offset > 0)
                view.Line($"{(searched ? "\n" : "")}[bold]at byte {found.Offset}, 0x{found.Offset:x}[/]");
            view.Store(found.Store, lost);
        }
    }

    private static string What(IReadOnlyList<FoundStore> stores) =>
        stores.All(found => found.Store.Kind == RamoopsScan.Kind) ? "ramoops area" : "store";

    private void Store(DecodedStore store, bool lost)
    {
        Head(store);
        foreach (var record in store.Records)
            Record(record);
        var live = store.Records.Where(record => record.State == RecordState.Live).ToList();
        var rest = store.Records.Where(record => record.State != RecordState.Live).ToList();
        Texts(live, "");
        if (lost)
            Texts([.. rest.Where(record => record.State == RecordState.Deleted)], ", deleted");
        if (lost)
            Texts([.. rest.Where(record => record.State == RecordState.Invalid)], ", passed over by a kernel");
        else if (rest.Count > 0)
            Line(
                $"\n[grey]--deleted also prints the text of the {Many(rest.Count, "record")} that a kernel "
                    + "does not show[/]"
            );
    }

    private void Head(DecodedStore store)
    {
        Line(Safe(store.Layout));
        foreach (string fault in store.Faults)
            Line($"[yellow]![/] {Safe(fault)}");
        foreach (string remark in store.Remarks)
            Line($"• {Safe(remark)}");
        var states = store
            .Records.GroupBy(record => record.State)
            .OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {Word(group.Key)}")
            .ToList();
        Line(states.Count == 0 ? "no record" : $"{Many(store.Records.Count, "record")}: {string.Join(", ", states)}");
        if (states.Count > 0)
            Line("");
    }

    private void Record(StoredRecord record)
    {
        Line(
            $"{Safe(record.Place.PadRight(_place))}  [bold]{Safe(record.Name.ToString())}[/]  "
                + $"{Marked(record.State)}{Safe(Header(record.Name, record.Decompressed))}"
        );
        Line($"    {Safe(Description(record))}");
        if (record.Ecc is { } ecc)
            Line($"    {Safe(Ecc(ecc))}");
        foreach (string fault in record.Faults)
            Line($"    {(record.State == RecordState.Invalid ? "[red]✗[/]" : "[yellow]![/]")} {Safe(fault)}");
        if (
            record.State == RecordState.Live
            && record.Name.Type != RecordType.Ftrace
            && !_shown.Contains((record.Name.Type, record.Name.Id))
        )
            Line($"    [yellow]![/] {Safe(_hidden)}");
        if (Unused(record.Decompressed) is { } unused)
            Line($"    [yellow]![/] {unused}");
        if (record.Decompressed.Fault is { } broken && !record.Faults.Contains(broken))
            Line($"    [red]✗[/] {Safe(broken)}");
        // A machine check has no text: its fields are all it says.
        foreach (
            var (name, value) in record.Fields.Where(field =>
                _fields || field.Key.StartsWith("mce ", StringComparison.Ordinal)
            )
        )
            Line($"    [grey]{Safe(name)}[/] {Safe(value)}");
    }

    private string Description(StoredRecord record)
    {
        string written = record.WrittenAt is { } time ? $"written {Time(time)}, " : "";
        string size = $"{Many(record.Payload.Length, "byte")} at 0x{_start + record.Offset:x}";
        return written + size + Compression(record.MarkedCompressed, record.Decompressed);
    }

    private static string Ecc(EccReport ecc)
    {
        string scheme = $"ECC, {ecc.ParitySize} bytes per {ecc.BlockSize}: ";
        if (ecc.CorrectedBytes == 0 && ecc.UnrecoverableBlocks == 0)
            return scheme + "no errors";
        // Which ones is said by the faults.
        int lost = ecc.Blocks.Count(block => block.CorrectedBytes is null);
        return scheme
            + $"{Many(ecc.CorrectedBytes, "byte")} corrected"
            + (ecc.HeaderCorrectedBytes > 0 ? $" ({ecc.HeaderCorrectedBytes} of them in the header)" : "")
            + (ecc.HeaderLost ? ", header beyond repair" : "")
            + (lost > 0 ? $", {Many(lost, "block")} beyond repair" : "");
    }

    private void Texts(IEnumerable<StoredRecord> records, string state) =>
        _texts.Print([.. records.Select(RecordContent.Of)], state);

    private void Line(string markup) => _console.MarkupLine(markup);

    private static string Time(DateTimeOffset time) =>
        time
            .UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff' UTC'", CultureInfo.InvariantCulture)
            .Replace(".000000", "", StringComparison.Ordinal);

    private static string Marked(RecordState state) =>
        state switch
        {
            RecordState.Live => "[green]live[/]",
            RecordState.Deleted => "[yellow]deleted[/]",
            _ => "[red]invalid[/]",
        };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
