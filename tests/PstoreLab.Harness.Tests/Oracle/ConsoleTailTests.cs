using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

public class ConsoleTailTests
{
    [TestCase("\u001b[2J\u001b[01;01H\u001b[=3h[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    [TestCase("[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    [TestCase("BdsDxe: starting\r\n\u001b[2J[    0.000000] Linux version 7.2\r\n", "Linux version 7.2")]
    public void The_first_line_begins_behind_what_the_firmware_left(string console, string expected) =>
        Assert.That(ConsoleTail.Of(console).Lines.Single().Text, Is.EqualTo(expected));

    [TestCase("text [    0.000000] is no line of the kernel\r\n")]
    [TestCase("\u001b[2Jtext [    0.000000] is none either\r\n")]
    public void What_only_looks_like_a_line_is_none(string console) => Assert.That(ConsoleTail.Of(console).Lines, Is.Empty);
}
