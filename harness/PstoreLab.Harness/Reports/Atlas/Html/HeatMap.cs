using System.Xml.Linq;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>The heat map of one backend and compressor.</summary>
internal static class HeatMap
{
    public static XElement Of(AtlasMap map)
    {
        var readers = map.Readers.Select(KernelLabel.Of).ToList();
        var cells = map.Cells.ToDictionary(cell => (cell.Writer, cell.Reader));
        int missing = map.Writers.Count * map.Readers.Count - cells.Count;
        return new XElement(
            "figure",
            new XElement(
                "figcaption",
                new XElement(
                    "h2",
                    Element.Text(map.Backend),
                    " ",
                    Element.Of("span", "compressor", Element.Text(map.Compressor))
                ),
                new XElement(
                    "p",
                    VerdictMark.Counted(CellVerdict.Count(map.Cells.Select(cell => cell.Verdict))),
                    missing == 0 ? null : Element.Of("span", "badge none", $"{missing} not run")
                )
            ),
            Element.Of(
                "div",
                "scroll",
                new XElement("table", new XElement("thead", Origins(readers), Versions(map, readers)), Rows(map, cells))
            )
        );
    }

    private static XElement Origins(IReadOnlyList<KernelLabel> readers) =>
        new(
            "tr",
            Element.Of(
                "td",
                "corner",
                new XAttribute("rowspan", 2),
                Element.Of("span", "read", "read by →"),
                new XElement("br"),
                "written by ↓"
            ),
            Stretches(readers)
                .Select(stretch =>
                    Element.Of(
                        "th",
                        "origin",
                        new XAttribute("scope", "colgroup"),
                        new XAttribute("colspan", stretch.Count),
                        Element.Text(stretch[0].Origin)
                    )
                )
        );

    private static XElement Versions(AtlasMap map, IReadOnlyList<KernelLabel> readers) =>
        new(
            "tr",
            // Upright only where they would make the columns wide.
            readers
                .Zip(map.Readers)
                .Select(
                    (pair, index) =>
                        Element.Of(
                            "th",
                            Style(readers, index, pair.First.Version.Length > 5 ? "version upright" : "version"),
                            new XAttribute("scope", "col"),
                            new XAttribute("title", Element.Text(pair.Second)),
                            new XElement("span", Element.Text(pair.First.Version))
                        )
                )
        );

    private static IEnumerable<XElement> Rows(AtlasMap map, IReadOnlyDictionary<(string, string), AtlasCell> cells)
    {
        var readers = map.Readers.Select(KernelLabel.Of).ToList();
        // A body for the kernels of each origin.
        return map
            .Writers.GroupBy(writer => KernelLabel.Of(writer).Origin)
            .Select(origin => new XElement(
                "tbody",
                origin.Select(writer => new XElement(
                    "tr",
                    new XElement("th", new XAttribute("scope", "row"), Element.Text(writer)),
                    map.Readers.Select(
                        (reader, index) =>
                            cells.TryGetValue((writer, reader), out var cell)
                                ? Cell(cell, Style(readers, index, ""))
                                : Empty(writer, reader, Style(readers, index, ""))
                    )
                ))
            ));
    }

    private static XElement Cell(AtlasCell cell, string style)
    {
        string says =
            $"{Pair(cell.Writer, cell.Reader)}: {CellVerdict.Word(cell.Verdict)}, "
            + $"{Numbers.Of(cell.Cases.Count, "case")}";
        return Element.Of(
            "td",
            style,
            new XElement(
                "a",
                new XAttribute("class", VerdictMark.Style(cell.Verdict)),
                new XAttribute("href", $"#{cell.Id}"),
                new XAttribute("title", says),
                new XAttribute("aria-label", says),
                VerdictMark.Sign(cell.Verdict),
                cell.Cases.Count == 1 ? null : new XElement("small", cell.Cases.Count)
            )
        );
    }

    private static XElement Empty(string writer, string reader, string style) =>
        Element.Of(
            "td",
            style,
            Element.Of(
                "span",
                "blank",
                new XAttribute("title", $"{Pair(writer, reader)}: not run"),
                Element.Of("span", "unseen", "not run")
            )
        );

    private static string Pair(string writer, string reader) => $"{Element.Text(writer)} → {Element.Text(reader)}";

    // The first column of an origin stands a little apart.
    private static string Style(IReadOnlyList<KernelLabel> readers, int index, string style) =>
        index > 0 && readers[index].Origin != readers[index - 1].Origin ? $"{style} apart".Trim() : style;

    private static IEnumerable<IReadOnlyList<KernelLabel>> Stretches(IEnumerable<KernelLabel> readers) =>
        readers.GroupBy(reader => reader.Origin).Select(group => (IReadOnlyList<KernelLabel>)[.. group]);
}
