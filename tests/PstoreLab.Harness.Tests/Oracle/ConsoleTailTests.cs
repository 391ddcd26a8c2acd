using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

public class ConsoleTailTests
{
    [TestCase("\u001b[2J\u001b[01;01H\u001b[=3h[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    [TestCase("[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    [TestCase("BdsDxe: starting\r\n\u001b[2J[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    public void The_first_line_begins_behind_what_the_firmware_left(string console, string expected) =>
        Assert.That(ConsoleTail.Of(console, "abc").Lines.Single().Text, Is.EqualTo(expected));

    [TestCase("text [    0.000000] is no line of the kernel\r\n")]
    [TestCase("\u001b[2Jtext [    0.000000] is none either\r\n")]
    public void What_only_looks_like_a_line_is_none(string console) =>
        Assert.That(ConsoleTail.Of(console, "abc").Lines, Is.Empty);

    [TestCase(null, 4, TestName = "{m}(a panic: the last line before the end)")]
    [TestCase("reboot: Restarting system", 3, TestName = "{m}(a restart: the line that announces it)")]
    [TestCase("no such line", 5, TestName = "{m}(a line that never came: all of them)")]
    public void What_a_record_must_hold_ends_with(string? newest, int needed)
    {
        string console = Lines(
            "reboot: Restarting system",
            "pstorelab: mark abc 1/1",
            "reboot: Restarting system",
            "any other line",
            "reboot: machine restart"
        );
        Assert.That(ConsoleTail.Of(console, "abc", newest).Needed, Is.EqualTo(needed));
    }

    [TestCase("Kernel panic - not syncing: NMI", 4, TestName = "{m}(of itself, while it writes)")]
    [TestCase("Oops", 5, TestName = "{m}(of anything else)")]
    public void A_panic_is_over_where_the_kernel_warns(string line, int needed)
    {
        string console = Lines(
            "------------[ cut here ]------------",
            "pstorelab: mark abc 1/1",
            line,
            "CPU: 0",
            "------------[ cut here ]------------"
        );
        Assert.That(
            ConsoleTail.Of(console, "abc"),
            Has.Property("Needed").EqualTo(needed).And.Property("Lines").Count.EqualTo(5)
        );
    }

    private static string Lines(params string[] lines) =>
        string.Concat(lines.Select((line, i) => $"[    {i}.000000] {line}\r\n"));
}
