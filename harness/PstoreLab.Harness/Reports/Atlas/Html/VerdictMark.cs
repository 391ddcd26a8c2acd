using System.Xml.Linq;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>
/// How a verdict looks: a colour, and a sign for readers who cannot distinguish the colours or has printed the page in
/// grey.
/// </summary>
internal static class VerdictMark
{
    public static string Sign(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "✓",
            Verdict.Failed => "✗",
            Verdict.Known => "K",
            Verdict.Unsupported => "–",
            Verdict.Infra => "!",
            Verdict.Internal => "?",
            _ => "E",
        };

    public static string Meaning(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "every expectation held",
            Verdict.Failed => "the kernel or its backend broke one",
            Verdict.Known => "it failed as a catalogued bug says",
            Verdict.Unsupported => "this kernel or machine cannot run it",
            Verdict.Infra => "QEMU or the host got in the way",
            Verdict.Internal => "PstoreLab itself failed",
            _ => "the scenario is wrong",
        };

    /// <summary>The class that brings the colour.</summary>
    public static string Style(Verdict verdict) => $"v {CellVerdict.Word(verdict)}";

    /// <summary>Sign and word on the verdict's colour.</summary>
    public static XElement Badge(Verdict verdict) =>
        Element.Of("span", $"badge {Style(verdict)}", $"{Sign(verdict)} {CellVerdict.Word(verdict)}");

    /// <summary>Badges with numbers, and blanks between them for who copies or hears them.</summary>
    public static IEnumerable<object> Counted(IReadOnlyDictionary<string, int> counts) =>
        CellVerdict
            .Order.Where(verdict => counts.ContainsKey(CellVerdict.Word(verdict)))
            .SelectMany(verdict =>
                (object[])
                    [
                        Element.Of(
                            "span",
                            $"badge {Style(verdict)}",
                            $"{Sign(verdict)} {counts[CellVerdict.Word(verdict)]} {CellVerdict.Word(verdict)}"
                        ),
                        " ",
                    ]
            );
}
