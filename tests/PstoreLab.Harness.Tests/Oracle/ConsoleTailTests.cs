using PstoreLab.Harness.Oracle;

namespace PstoreLab.Harness.Tests.Oracle;

public class ConsoleTailTests
{
    [TestCase("\u001b[2J\u001b[01;01H\u001b[=3h", TestName = "{m}(a cleared screen)")]
    [TestCase("", TestName = "{m}(nothing)")]
    [TestCase("BdsDxe: starting\r\n\u001b[2J", TestName = "{m}(a line and a cleared screen)")]
    public void The_first_line_begins_behind_what_the_firmware_left(string left) =>
        Assert.That(
            Of(left + "[    0.000000] Linux version 7.2\r\n").Lines.Single().Line.Text,
            Is.EqualTo("Linux version 7.2")
        );

    [Test]
    public void A_line_of_the_kernel_begins_behind_what_another_writer_left_open() =>
        Assert.That(Of("login: [    0.000000] a line\r\n").Lines.Single().Line.Text, Is.EqualTo("a line"));

    [TestCase("Welcome to Debian\r\n\r\nlogin: ")]
    [TestCase("[    0.5] is no time of the kernel's\r\n")]
    public void Text_of_others_is_passed_over(string console) => Assert.That(Of(console).Lines, Is.Empty);

    [Test]
    public void Without_times_the_kernel_s_lines_are_those_from_its_first_to_its_last()
    {
        var tail = Of(
            "SeaBIOS\r\nLinux version 6.1\r\npstorelab: mark abc 1/1\r\nKernel panic - not syncing: test\r\n"
                + "Kernel Offset: disabled\r\nRebooting in 1 seconds..\r\nSeaBIOS\r\n"
        );
        Assert.That(tail.IsWithoutTimes);
        Assert.That(
            tail.Lines.Select(line => line.Raw),
            Is.EqualTo([
                "Linux version 6.1",
                "pstorelab: mark abc 1/1",
                "Kernel panic - not syncing: test",
                "Kernel Offset: disabled",
            ])
        );
    }

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
        Assert.That(Of(console, newest).Needed, Is.EqualTo(needed));
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
        Assert.That(Of(console), Has.Property("Needed").EqualTo(needed).And.Property("Lines").Count.EqualTo(5));
    }

    [Test]
    public void A_console_that_begins_with_the_kernel_s_first_line_shows_that_it_gives_no_times()
    {
        var tail = Of("Linux version 6.1\nand more\n");
        Assert.That(tail.IsWithoutTimes);
        Assert.That(tail.Lines.Select(line => line.Raw), Is.EqualTo(["Linux version 6.1", "and more"]));
    }

    [Test]
    public void Without_times_what_a_dumper_says_in_front_of_the_marks_ends_nothing() =>
        Assert.That(
            Of(
                "Linux version 6.1\npstore: backend (efi_pstore) in use\npstorelab: mark abc 1/1\n"
                    + "Kernel panic - not syncing: test\n---[ end Kernel panic ]---\nSeaBIOS\n"
            )
                .Lines.Select(line => line.Raw),
            Is.EqualTo([
                "Linux version 6.1",
                "pstore: backend (efi_pstore) in use",
                "pstorelab: mark abc 1/1",
                "Kernel panic - not syncing: test",
            ])
        );

    [Test]
    public void Without_marks_the_last_line_that_is_needed_may_be_the_first() =>
        Assert.That(Of(Lines("reboot: Restarting system", "and more"), "reboot: ").Needed, Is.EqualTo(1));

    [Test]
    public void A_panic_may_be_the_first_line() =>
        Assert.That(
            Of(Lines("Kernel panic - not syncing: NMI", "------------[ cut here ]------------")).Needed,
            Is.EqualTo(1)
        );

    private static ConsoleTail Of(string console, string? lastLine = null) =>
        ConsoleTail.Of(new BootConsole(console), "abc", lastLine);

    private static string Lines(params string[] lines) =>
        string.Concat(lines.Select((line, i) => $"[    {i}.000000] {line}\r\n"));
}
