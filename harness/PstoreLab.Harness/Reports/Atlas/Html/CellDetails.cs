using System.Xml.Linq;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>The part of the page that a cell leads to.</summary>
internal static class CellDetails
{
    /// <summary>Of a cell with more cases, those that passed are only named until they are asked for.</summary>
    private const int MostOpen = 3;

    /// <param name="top">The id of the maps.</param>
    public static XElement Of(AtlasContent atlas, AtlasMap map, AtlasCell cell, string top) =>
        Element.Of(
            "section",
            "cell",
            new XAttribute("id", cell.Id),
            new XElement(
                "h3",
                VerdictMark.Badge(cell.Verdict),
                " ",
                Element.Text(cell.Writer),
                " → ",
                Element.Text(cell.Reader),
                " ",
                Element.Of("span", "where", Element.Text(map.Backend), " ", Element.Text(map.Compressor))
            ),
            Element.Of(
                "p",
                "releases",
                cell.Writer == cell.Reader
                    ? ["written and read by ", Release(atlas, cell.Writer)]
                    : new object[]
                    {
                        "written by ",
                        Release(atlas, cell.Writer),
                        ", read by ",
                        Release(atlas, cell.Reader),
                    },
                ". ",
                Element.To(top, "↑ maps")
            ),
            cell.Cases.Select(one =>
                CaseDetails.Of(
                    one,
                    cell.Cases.Count <= MostOpen || one.Verdict is not (Verdict.Passed or Verdict.Unsupported)
                )
            )
        );

    private static string Release(AtlasContent atlas, string kernel) =>
        atlas.Kernels.First(known => known.Name == kernel).Releases is { Count: > 0 } releases
            ? Element.Text(string.Join(", ", releases))
            : Element.Text(kernel);
}
