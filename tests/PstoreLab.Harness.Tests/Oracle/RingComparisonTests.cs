using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>A ring against all that was written to it.</summary>
public class RingComparisonTests
{
    private const string Written = "[    0.000000] one\n[    1.000000] two\n[    2.000000] three\n";

    [TestCase(Written, false, TestName = "All of it, with room left")]
    [TestCase(Written, true, TestName = "All of it, and not a byte more")]
    [TestCase("000] two\n[    2.000000] three\n", true, TestName = "The last of it, beginning in the middle of a line")]
    public void The_newest_bytes_are_sound(string kept, bool full) =>
        Assert.That(RingComparison.Faults(Written, kept, full), Is.Empty);

    [TestCase("", false, "the record is empty")]
    [TestCase(
        "000] two\n[    2.000000] three\n",
        false,
        "the first 29 bytes of 59 are missing, although the ring had room for more"
    )]
    [TestCase(
        "[    0.000000] one\n[    1.000000] two\n",
        true,
        "the last 21 bytes are missing, ending with \"[    2.000000] three\""
    )]
    [TestCase("[    0.000000] one\n[    2.000000] three\n", true, "only its last 22 bytes match: before them it has")]
    [TestCase(
        "[    1.000000] twO\n[    2.000000] three\n",
        true,
        "only its last 22 bytes match: before them it has \"[    1.000000] "
            + "twO\", and what was written has \"[    1.000000] two\""
    )]
    [TestCase(
        Written + "[    9.000000] of another boot\n",
        true,
        "only its last 1 bytes match: before them it has \"[    9.000000] of "
            + "another boot\", and what was written has \"[    2.000000] three\""
    )]
    [TestCase("[    2.000000] three", true, "the last 1 bytes are missing")]
    public void Anything_else_is_told(string kept, bool full, string fault)
    {
        var faults = RingComparison.Faults(Written, kept, full).ToList();
        Assert.That(faults, Has.Count.EqualTo(1));
        Assert.That(faults[0], Does.StartWith(fault));
    }

    [TestCase(
        "junk\n" + Written,
        "only its last 59 bytes match: before them it has \"junk\", and what was written has \"\"",
        TestName = "{m}(more than was written)"
    )]
    [TestCase(
        "[    2.000000] threE",
        "it ends with \"[    2.000000] threE\", and what was written has \"[    2.000000] three\"",
        TestName = "{m}(another end)"
    )]
    [TestCase(
        "X[    2.000000] three\n",
        "only its last 21 bytes match: before them it has \"X[    2.000000] three\", and what was written has "
            + "\"[    1.000000] two\"",
        TestName = "{m}(another first byte)"
    )]
    [TestCase(
        "\n0] two\n[    2.000000] three\n",
        "only its last 28 bytes match: before them it has \"\", and what was written has \"[    1.000000] two\"",
        TestName = "{m}(a line end as the first byte)"
    )]
    public void A_difference_is_told_with_the_lines_on_both_sides(string kept, string fault) =>
        Assert.That(RingComparison.Faults(Written, kept, full: true), Is.EqualTo([fault]));

    [Test]
    public void A_kernels_log_begins_with_its_first_line_and_ends_lines_as_printk_does() =>
        Assert.That(
            new BootConsole("SeaBIOS\r\n\r\n[    0.000000] one\r\ntorn\r\n").KernelLog,
            Is.EqualTo("[    0.000000] one\ntorn\n")
        );

    [Test]
    public void A_console_without_a_kernel_has_no_log() =>
        Assert.That(new BootConsole("SeaBIOS\r\n").KernelLog, Is.Empty);
}
