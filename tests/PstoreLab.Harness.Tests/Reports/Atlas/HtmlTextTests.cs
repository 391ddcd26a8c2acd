using System.Xml.Linq;
using PstoreLab.Harness.Reports.Atlas.Html;

namespace PstoreLab.Harness.Tests.Reports.Atlas;

/// <summary>What becomes of a text on its way to a page. A real browser has its say in PstoreLab.Cli.Tests.</summary>
public class HtmlTextTests
{
    [TestCase("<script>alert(1)</script>", ExpectedResult = "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [TestCase("\" onload='x' &lt;", ExpectedResult = "&quot; onload='x' &amp;lt;")]
    [TestCase(
        "a\0b\u001b[31m\r\n\tc\u007f\u009b",
        ExpectedResult = "a\\x00b\\x1b[31m\\x0d\n\tc\\x7f\\x9b",
        TestName = "{m}(control characters)"
    )]
    [TestCase(
        "\u202e\u2066\u200f\u061c\u200b\ufeff\u2028\u00ad",
        ExpectedResult = "\\u{202e}\\u{2066}\\u{200f}\\u{61c}\\u{200b}\\u{feff}\\u{2028}\\xad"
    )]
    [TestCase("\U000e0041\uffff", ExpectedResult = "\\u{e0041}\\u{ffff}")]
    [TestCase("é → ✓ 😀 עברית", ExpectedResult = "é → ✓ 😀 עברית")]
    public string A_text_and_an_attribute_are_encoded_alike(string text)
    {
        string inside = HtmlText.Of(new XElement("p", text))["<!DOCTYPE html>\n<p>".Length..^"</p>\n".Length];
        Assert.That(
            HtmlText.Of(new XElement("p", new XAttribute("title", text))),
            Is.EqualTo($"<!DOCTYPE html>\n<p title=\"{inside}\"></p>\n")
        );
        return inside;
    }

    [Test]
    public void Elements_are_those_of_html()
    {
        Assert.That(
            HtmlText.Of(new XElement("tr", new XElement("td"), new XElement("td", new XElement("br"), "a"))),
            Is.EqualTo("<!DOCTYPE html>\n<tr><td></td><td><br>a</td></tr>\n")
        );
    }

    [Test]
    public void A_style_cannot_end_its_element() =>
        Assert.That(() => HtmlText.Of(new XElement("style", "</style><script>")), Throws.ArgumentException);

    [TestCase("cases/a/boot-1/console.log", ExpectedResult = "cases/a/boot-1/console.log")]
    [TestCase("../other/a b#c?d%20&e", ExpectedResult = "../other/a%20b%23c%3Fd%2520%26e")]
    [TestCase("javascript:alert(1)", ExpectedResult = "javascript%3Aalert%281%29")]
    [TestCase("data:text/html,x", ExpectedResult = "data%3Atext/html%2Cx")]
    public string A_path_is_never_an_address_of_another_kind(string path) =>
        Element.ToFile(path, "x").Attribute("href")!.Value;

    [Test]
    public void A_long_text_is_cut_and_says_so()
    {
        Assert.That(Element.Text(new string('x', 4000)), Has.Length.EqualTo(4000));
        Assert.That(
            Element.Text(new string('x', 1_000_000)),
            Does.EndWith("x… and 996000 characters more, which atlas.json has").And.Length.LessThan(4100)
        );
    }
}
