using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Tests.Host;

/// <summary>What of a guest's output reaches the terminal of somebody who uses its shell.</summary>
public class GuestScreenTests
{
    // An escape in the name of a test is lost on its way to the report, and the test with it.
    [TestCase(@"guest:/# ls\r\n", Description = "text")]
    [TestCase(@"\x1b[1;31mred\x1b[m", Description = "colours")]
    [TestCase(@"\x1b[2J\x1b[H\x1b[5;7Hhere", Description = "movements")]
    [TestCase(@"\x1b[?1049h\x1b[?25l\x1b[?25h\x1b[?1049l", Description = "the screen of an editor")]
    [TestCase(@"\x1b[6n", Description = "where the cursor is, which line editors ask")]
    [TestCase(@"\x1b7\x1b8\x1bM", Description = "older ones")]
    [TestCase(@"\xe4\xf6 \u65e5\u672c \U0001f600", Description = "letters of other scripts")]
    public void Text_and_movements_pass(string escaped) =>
        Assert.That(Shown(Unescaped(escaped)), Is.EqualTo(Unescaped(escaped)));

    [TestCase(@"a\x1b]0;title\x07b", Description = "a title", ExpectedResult = "ab")]
    [TestCase(@"a\x1b]52;c;cm0gLXJmIC8=\x1b\\b", Description = "a clipboard", ExpectedResult = "ab")]
    [TestCase(@"a\x1bP+q544e\x1b\\b", Description = "a question in a string", ExpectedResult = "ab")]
    [TestCase(@"a\x1b_Gimage\x1b\\b", Description = "a picture", ExpectedResult = "ab")]
    [TestCase(@"a\x1b[21tb", Description = "a window's title asked for", ExpectedResult = "ab")]
    [TestCase(@"a\x1b[cb", Description = "what terminal it is", ExpectedResult = "ab")]
    [TestCase(@"a\x1b[?1000hb", Description = "reports of the mouse", ExpectedResult = "ab")]
    [TestCase(@"a\x1b[5ib", Description = "a printer", ExpectedResult = "ab")]
    [TestCase(@"a\x1bcb", Description = "a reset", ExpectedResult = "ab")]
    [TestCase(@"a\x05b", Description = "an enquiry", ExpectedResult = "ab")]
    [TestCase(@"a\x9b2Jb", Description = "C1", ExpectedResult = "a2Jb")]
    [TestCase(@"a\u009d0;x\u009cb", Description = "C1 in UTF-8", ExpectedResult = "a0;xb")]
    [TestCase(@"a\x1b(0b", Description = "another character set", ExpectedResult = "ab")]
    public string What_reaches_beyond_the_screen_does_not(string escaped)
    {
        string shown = Shown(Unescaped(escaped));
        Assert.That(shown, Does.Not.Contain("\x1b").And.Not.Contain("\u009d").And.Not.Contain("\x05"));
        return shown;
    }

    [Test]
    public void A_sequence_may_come_byte_by_byte()
    {
        var screen = new GuestScreen();
        byte[] all = Encoding.UTF8.GetBytes("a\u65e5\x1b[1mb\x1b]0;title\ac");
        byte[] shown = [.. all.SelectMany(one => screen.Show([one]))];
        Assert.That(Encoding.UTF8.GetString(shown), Is.EqualTo("a\u65e5\x1b[1mbc"));
    }

    [Test]
    public void A_sequence_without_an_end_does_not_hide_what_follows_for_ever() =>
        Assert.That(Shown("\x1b[" + new string('1', 100) + "\nmore"), Does.EndWith("\nmore"));

    [Test]
    public void An_editor_that_was_killed_leaves_the_first_screen()
    {
        var screen = new GuestScreen();
        Assert.That(screen.Reset, Does.Not.Contain("?1049l"));
        screen.Show("\x1b[?1049h"u8);
        Assert.That(screen.Reset, Does.StartWith("\x1b[?1049l"));
        screen.Show("\x1b[?1049l"u8);
        Assert.That(screen.Reset, Does.Not.Contain("?1049l"));
    }

    private static string Unescaped(string escaped) =>
        Regex.Unescape(Regex.Replace(escaped, @"\\U0001f600", "\U0001f600"));

    private static string Shown(string text)
    {
        // A byte of C1 that is no part of a character.
        byte[] bytes = text.Contains('\u009b') ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(new GuestScreen().Show(bytes));
    }
}
