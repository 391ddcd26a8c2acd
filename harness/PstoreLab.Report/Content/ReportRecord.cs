using System.Text.Json.Serialization;
using PstoreLab.Harness.Oracle.Exhibits;

namespace PstoreLab.Report.Content;

/// <summary>A record beside the console.</summary>
/// <param name="Name">Its file names, or what there is in place of it.</param>
/// <param name="Place"><c>pstorefs</c>, <c>store</c> or <c>none</c>.</param>
/// <param name="Console">The console's file, relative to the run.</param>
/// <param name="Same">Lines that both have.</param>
/// <param name="Lost">Lines that the console has, and the record should.</param>
/// <param name="Altered">Lines that differ.</param>
/// <param name="Extra">Lines that the console never showed.</param>
/// <param name="Repeated">Lines that the record has twice.</param>
/// <param name="FirstDifference">Number of the first line that differs, from 1, in the order of the comparison; null
/// for none.</param>
public sealed record ReportRecord(
    string Name,
    string Place,
    string? Reason,
    int Crash,
    int Writer,
    int Reader,
    string Console,
    IReadOnlyList<string> Faults,
    IReadOnlyList<string> Doubts,
    int Before,
    int Same,
    int Lost,
    int Altered,
    int Extra,
    int Repeated,
    int? FirstDifference
)
{
    /// <summary>Both, side by side. They stand in the page alone.</summary>
    [JsonIgnore]
    public IReadOnlyList<AlignedLine> Lines { get; init; } = [];

    public static ReportRecord Of(RecordExhibit exhibit, string folder)
    {
        int Count(AlignedLineKind kind) => exhibit.Lines.Count(line => line.Kind == kind);
        int first = exhibit.Lines.ToList().FindIndex(line => line.IsDifference);
        return new ReportRecord(
            exhibit.Record,
            exhibit.Place,
            exhibit.Reason,
            exhibit.Crash,
            exhibit.Writer,
            exhibit.Reader,
            $"{folder}/{exhibit.Console}",
            exhibit.Faults,
            exhibit.Doubts,
            exhibit.Before,
            Count(AlignedLineKind.Same),
            Count(AlignedLineKind.Lost),
            Count(AlignedLineKind.Altered),
            Count(AlignedLineKind.Extra),
            Count(AlignedLineKind.Repeated),
            first < 0 ? null : first + 1
        )
        {
            Lines = exhibit.Lines,
        };
    }
}
