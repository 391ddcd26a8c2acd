using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Oracle;

public class BootConsoleTests
{
    [Test]
    public void A_console_without_a_byte_is_no_evidence()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("console.log", "");
        Assert.That(
            () => BootConsole.Read(path),
            Throws.TypeOf<EvidenceException>().With.Message.EqualTo($"the evidence {path} is empty")
        );
    }

    [TestCase("one\r\nand two\r\nthree", "two", "and two")]
    [TestCase("one\r\nand two\r\nthree", "three", "three")]
    [TestCase("one\r\nand two\r\nthree", "four", null)]
    public void A_line_is_quoted_whole(string console, string text, string? expected) =>
        Assert.That(new BootConsole(console).LineWith(text), Is.EqualTo(expected));
}
