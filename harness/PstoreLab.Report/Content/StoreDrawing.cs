using System.Text.Json;
using PstoreLab.Harness.Oracle.Exhibits;
using PstoreLab.Records.Stores;

namespace PstoreLab.Report.Content;

/// <summary>Makes of a decoded store what a report draws of it.</summary>
internal static class StoreDrawing
{
    private const int MostDivisions = 300;

    public static ReportStore Of(StoreExhibit exhibit, string folder) =>
        new(
            exhibit.Moment,
            $"{folder}/{exhibit.File}",
            exhibit.Store?.Length ?? 0,
            exhibit.Store?.Layout ?? "",
            exhibit.Fault,
            [.. exhibit.Damage.Select(damage => damage.Fault is null ? damage.Done : $"{damage.Done}: {damage.Fault}")],
            exhibit.IsSame,
            [.. (exhibit.Store?.Records ?? []).Select(PlaceOf)]
        )
        {
            Damaged =
            [
                .. exhibit
                    .Damage.SelectMany(damage => damage.Changes)
                    .Select(change => new ByteRange(change.Offset, change.Bytes.Length / 2)),
            ],
            Faults = exhibit.Store?.Faults ?? [],
            // More than these are no lines any more.
            Divisions = exhibit.Store is { Divisions: { Count: <= MostDivisions } divisions } ? divisions : [],
        };

    private static StoredPlace PlaceOf(StoredRecord record)
    {
        var blocks = record.Ecc?.Blocks ?? [];
        long data = record
            .Regions.Where(region => region.Kind == RegionKind.Data)
            .Select(region => region.Offset)
            .DefaultIfEmpty(0)
            .Min();
        return new StoredPlace(
            record.Place,
            record.Name.ToString(),
            Word(record.State.ToString()),
            record.Payload.Length,
            [
                .. record.Regions.Select(region => new StorePart(
                    Word(region.Kind.ToString()),
                    new ByteRange(region.Offset, region.Length)
                )),
            ],
            record.Faults
        )
        {
            Corrected = [.. blocks.Where(block => block.CorrectedBytes > 0).Select(RangeOf)],
            Lost = [.. blocks.Where(block => block.CorrectedBytes is null).Select(RangeOf)],
            CorrectedBytes = record.Ecc?.CorrectedBytes,
        };

        ByteRange RangeOf(EccBlock block) => new(data + block.Offset, block.Length);
    }

    private static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
