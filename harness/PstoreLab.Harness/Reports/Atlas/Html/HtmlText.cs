using System.Text;
using System.Xml.Linq;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>
/// Writes a tree of elements as HTML 5 (https://html.spec.whatwg.org, "Serializing HTML fragments"). A page is made of
/// nothing but such a tree, so whatever a guest said is text, because all text and every attribute is encoded here.
/// </summary>
/// <remarks>
/// XElement cannot do it itself: it writes XML, in which an empty <c>td</c> is <c>&lt;td /&gt;</c>, and refuses control
/// characters. Razor components' HtmlRenderer would, but its package needs others that not every package source has.
/// </remarks>
internal static class HtmlText
{
    // Of those without an end tag, the ones that are used.
    private static readonly HashSet<string> Void = ["meta", "br"];

    public static string Of(XElement root)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n");
        Write(html, root);
        return html.Append('\n').ToString();
    }

    private static void Write(StringBuilder html, XElement element)
    {
        string name = element.Name.LocalName;
        html.Append('<').Append(name);
        foreach (var attribute in element.Attributes())
        {
            html.Append(' ').Append(attribute.Name.LocalName).Append("=\"");
            Encode(html, attribute.Value);
            html.Append('"');
        }

        html.Append('>');
        if (Void.Contains(name))
            return;
        foreach (var node in element.Nodes())
        {
            if (node is XElement child)
                Write(html, child);
            else if (name == "style")
                html.Append(Style(((XText)node).Value));
            else
                Encode(html, ((XText)node).Value);
        }

        html.Append("</").Append(name).Append('>');
    }

    // The one text that cannot be encoded. It is ours; what could end the element is in no style.
    private static string Style(string style) =>
        style.Contains('<') ? throw new ArgumentException("a style with a '<' in it") : style;

    private static void Encode(StringBuilder html, string text)
    {
        // NUL and its like are none of HTML's characters either.
        foreach (char character in VisibleText.Of(text))
        {
            _ = character switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                _ => html.Append(character),
            };
        }
    }
}
