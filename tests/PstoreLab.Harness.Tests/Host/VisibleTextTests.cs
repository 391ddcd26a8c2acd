using System.Text.Json;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Tests.Host;

public class VisibleTextTests
{
    // An escape in the name of a test is lost on its way to the report, and the test with it.
    [TestCase("", "")]
    [TestCase(@"a line\n\tand \u00e9\ud83d\ude00\n", "a line\n\tand \u00e9\ud83d\ude00\n")]
    [TestCase(@"\x1b]0;title\x07\x00\x7f\r\n", @"\x1b]0;title\x07\x00\x7f\x0d" + "\n")]
    [TestCase(@"\x9b31m\x85", @"\x9b31m\x85")]
    [TestCase(@"a\u202eb\u2066c\u2069\u200b\ufeff", @"a\u{202e}b\u{2066}c\u{2069}\u{200b}\u{feff}")]
    [TestCase(@"\u2028\u2029\uffff", @"\u{2028}\u{2029}\u{ffff}")]
    public void What_a_terminal_obeys_is_shown(string escaped, string shown) =>
        Assert.That(VisibleText.Of(Regex.Unescape(escaped)), Is.EqualTo(shown));

    [Test]
    public void Half_a_character_becomes_a_whole_one() =>
        Assert.That(VisibleText.Of("a\ud83db"), Is.EqualTo("a\ufffdb"));

    [Test]
    public void All_control_characters_are_seen()
    {
        string all = string.Concat(Enumerable.Range(0, 0x10000).Select(value => (char)value));
        string shown = VisibleText.OneLine(all);
        Assert.That(shown.Where(character => char.IsControl(character) && character != '\t'), Is.Empty);
        Assert.That(
            shown.Where(character => character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')),
            Is.Empty
        );
    }

    [Test]
    public void A_line_stays_one() =>
        Assert.That(VisibleText.OneLine("one\r\ntwo\u0085three\u2028four"), Is.EqualTo("one two three four"));

    [Test]
    public void JSON_means_the_same()
    {
        const string text = "\u009b31m \u202e \udb40\udc01 \ufffe";
        string json = "{\n  \"text\": \"" + text + "\"\n}";
        string shown = VisibleText.OfJson(json);
        Assert.That(shown, Does.Match(@"^[\n -~]*$"));
        using var read = JsonDocument.Parse(shown);
        Assert.That(read.RootElement.GetProperty("text").GetString(), Is.EqualTo(text));
    }
}
