using System.Xml.Linq;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>One case: verdict, reason, findings, what the kernels said, and where the evidence lies.</summary>
internal static class CaseDetails
{
    public static XElement Of(AtlasCase one, bool open) =>
        new(
            "details",
            open ? new XAttribute("open", "") : null,
            new XElement(
                "summary",
                VerdictMark.Badge(one.Verdict),
                " ",
                new XElement("code", Element.Text(one.Case)),
                Element.Of(
                    "span",
                    "took",
                    $" {one.Seconds:0.0} s, {Element.Text(one.Accelerator)}, "
                        + $"{one.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
                )
            ),
            one.Reason.Length == 0 ? null : Element.Of("p", "said", Element.Text(one.Reason)),
            one.Attempts.Count == 0
                ? null
                : new XElement(
                    "ol",
                    one.Attempts.Select(attempt => new XElement(
                        "li",
                        "an attempt before: ",
                        VerdictMark.Badge(attempt.Verdict),
                        " ",
                        Element.Of("span", "said", Element.Text(attempt.Reason))
                    ))
                ),
            one.Findings.Count == 0 ? null : Element.Of("ul", "findings", one.Findings.Select(Found)),
            one.Messages.Where(boot => boot.Lines.Count > 0).Select(Said),
            one.Evidence.Count == 0
                ? Element.Of("p", "evidence", "The evidence is not there, or no longer.")
                : Element.Of(
                    "p",
                    "evidence",
                    one.Evidence.Select(
                        (file, index) => (object[])[index == 0 ? "" : " · ", Element.ToFile(file.Path, file.Name)]
                    )
                )
        );

    private static XElement Found(Finding finding) =>
        Element.Of(
            "li",
            finding.Held ? "held" : "broken",
            Element.Of("span", "sign", finding.Held ? "✓" : "✗"),
            " ",
            Element.Of("span", "layer", Element.Text(finding.Layer)),
            " ",
            Element.Of("span", "said", Element.Text(finding.Text))
        );

    private static XElement Said(BootMessages boot) =>
        Element.Of(
            "div",
            "messages",
            new XElement(
                "h4",
                $"boot {boot.Boot}",
                boot.Kernel is null ? null : $", {Element.Text(boot.Kernel)}",
                ", said"
            ),
            new XElement(
                "pre",
                Element.Text(string.Join('\n', boot.Lines)),
                boot.Omitted == 0 ? null : $"\n… and {boot.Omitted} more, in the console's log"
            )
        );
}
