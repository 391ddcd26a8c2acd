using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>
/// <c>atlas.html</c>: one file that loads nothing and runs nothing. The maps, what stands out, and each cell's cases
/// below.
/// </summary>
public static class AtlasHtml
{
    private const string Top = "maps";

    public static string Text(AtlasContent atlas) =>
        HtmlText.Of(new XElement("html", new XAttribute("lang", "en"), Head(atlas), Body(atlas)));

    private static XElement Head(AtlasContent atlas)
    {
        // Were anything of the page not text after all, a browser would still neither run nor load it.
        string style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(AtlasStyle.Text)));
        return new XElement(
            "head",
            new XElement("meta", new XAttribute("charset", "utf-8")),
            new XElement(
                "meta",
                new XAttribute("http-equiv", "Content-Security-Policy"),
                new XAttribute(
                    "content",
                    $"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
                )
            ),
            new XElement("meta", new XAttribute("name", "referrer"), new XAttribute("content", "no-referrer")),
            new XElement(
                "meta",
                new XAttribute("name", "viewport"),
                new XAttribute("content", "width=device-width, initial-scale=1")
            ),
            new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
            new XElement("title", $"pstore atlas: {Numbers.Of(atlas.Maps.Sum(map => map.Cells.Count), "cell")}"),
            new XElement("style", AtlasStyle.Text)
        );
    }

    private static XElement Body(AtlasContent atlas) =>
        new(
            "body",
            new XElement(
                "header",
                new XElement("h1", "pstore atlas"),
                Element.Of(
                    "p",
                    "lead",
                    "Which kernel reads the crash record that which kernel wrote. A row is the kernel that "
                        + "died, a column the one that was booted next; every cell leads to what was found."
                ),
                Element.Of(
                    "p",
                    "counts",
                    Numbers.Of(atlas.Maps.Sum(map => map.Cells.Count), "cell"),
                    " of ",
                    Numbers.Of(atlas.Maps.Sum(map => map.Cells.Sum(cell => cell.Cases.Count)), "case"),
                    ": ",
                    VerdictMark.Counted(atlas.Cells)
                ),
                Legend(atlas)
            ),
            Element.Of("section", "maps", new XAttribute("id", Top), atlas.Maps.Select(HeatMap.Of)),
            Outliers.Of(atlas),
            new XElement(
                "main",
                new XElement("h2", "The cells"),
                atlas.Maps.SelectMany(map => map.Cells.Select(cell => CellDetails.Of(atlas, map, cell, Top))),
                Unplaced(atlas)
            ),
            Sources(atlas)
        );

    private static XElement Legend(AtlasContent atlas) =>
        Element.Of(
            "ul",
            "legend",
            atlas.VerdictOrder.Select(verdict => new XElement(
                "li",
                VerdictMark.Badge(verdict),
                " ",
                VerdictMark.Meaning(verdict)
            )),
            new XElement("li", Element.Of("span", "badge none", "not run"), " no case has this pair"),
            new XElement(
                "li",
                "A cell has the worst verdict of its cases, in this order; a small number says how many they are."
            )
        );

    private static XElement? Unplaced(AtlasContent atlas) =>
        atlas.Unplaced.Count == 0
            ? null
            : Element.Of(
                "section",
                "cell",
                new XElement("h3", "On no map"),
                new XElement("p", "Of these it is not known which kernel they boot, because they never came to it."),
                atlas.Unplaced.Select(one => CaseDetails.Of(one, open: true))
            );

    private static XElement Sources(AtlasContent atlas) =>
        new(
            "footer",
            new XElement("h2", "Made from"),
            new XElement(
                "ul",
                atlas.Runs.Select(run => new XElement(
                    "li",
                    Element.ToFile(run.Path, run.Name),
                    $": {Numbers.Of(run.Results, "result")}",
                    run.Used == run.Results ? null : $", {run.Used} of them the last of their case"
                ))
            ),
            new XElement("h2", "Kernels"),
            new XElement(
                "ul",
                atlas.Kernels.Select(kernel => new XElement(
                    "li",
                    new XElement("b", Element.Text(kernel.Name)),
                    ": ",
                    kernel.Releases.Count == 0 ? "never booted here" : Element.Text(string.Join(", ", kernel.Releases))
                ))
            )
        );
}
