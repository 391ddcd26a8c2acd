using System.Xml.Linq;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>
/// What a reader asks first: which cells are not as they should be, and why. The same reason of twenty cells is one
/// thing to know.
/// </summary>
internal static class Outliers
{
    private const int MostReasons = 50;

    private const int MostCells = 8;

    /// <returns>Null where all is well.</returns>
    public static XElement? Of(AtlasContent atlas)
    {
        var reasons = (
            from map in atlas.Maps
            from cell in map.Cells
            from one in cell.Cases
            where one.Verdict is not (Verdict.Passed or Verdict.Unsupported)
            group (Map: map, Cell: cell) by (one.Verdict, one.Reason) into same
            orderby CellVerdict.Rank(same.Key.Verdict), same.Count() descending
            select same
        ).ToList();
        return reasons.Count == 0
            ? null
            : Element.Of(
                "section",
                "out",
                new XElement("h2", "What stands out"),
                new XElement(
                    "ul",
                    reasons
                        .Take(MostReasons)
                        .Select(same => new XElement(
                            "li",
                            VerdictMark.Badge(same.Key.Verdict),
                            " ",
                            Element.Of(
                                "span",
                                "said",
                                Element.Text(same.Key.Reason.Length == 0 ? "no reason was given" : same.Key.Reason)
                            ),
                            Cells([.. same.DistinctBy(place => place.Cell.Id)])
                        ))
                ),
                reasons.Count > MostReasons
                    ? new XElement("p", $"{reasons.Count - MostReasons} more reasons are with their cells below.")
                    : null
            );
    }

    private static XElement Cells(IReadOnlyList<(AtlasMap Map, AtlasCell Cell)> places) =>
        Element.Of(
            "p",
            "cells",
            places
                .Take(MostCells)
                .Select(place =>
                    Element.To(
                        place.Cell.Id,
                        Element.Text(
                            $"{place.Map.Backend} {place.Map.Compressor}: {place.Cell.Writer} → {place.Cell.Reader}"
                        )
                    )
                ),
            places.Count > MostCells ? new XElement("span", $"and {places.Count - MostCells} cells more") : null
        );
}
