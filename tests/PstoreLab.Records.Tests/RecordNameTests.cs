namespace PstoreLab.Records.Tests;

public class RecordNameTests
{
    private static readonly TestCaseData[] Names =
    [
        new("dmesg-ramoops-0", new RecordName("dmesg", "ramoops", 0)),
        new("dmesg-efi-171500000001001", new RecordName("dmesg", "efi", 171500000001001)),
        new(
            "dmesg-efi_pstore-171500000001001.enc.z",
            new RecordName("dmesg", "efi_pstore", 171500000001001, Compressed: true)
        ),
        new("dmesg-erst-7365813295871197185", new RecordName("dmesg", "erst", 7365813295871197185)),
        new("mce-erst-18446744073709551615", new RecordName("mce", "erst", ulong.MaxValue)),
        new("console-pstore_blk-0", new RecordName("console", "pstore_blk", 0)),
        new("powerpc-ofw-nvram-3", new RecordName("powerpc-ofw", "nvram", 3)),
        new("ftrace-some-backend-12", new RecordName("ftrace", "some-backend", 12)),
        new("unknown-ramoops-1", new RecordName("unknown", "ramoops", 1)),
    ];

    [TestCaseSource(nameof(Names))]
    public void A_name_is_taken_apart_and_put_together_again(string text, RecordName expected)
    {
        var name = RecordName.Parse(text);
        Assert.That(name, Is.EqualTo(expected));
        Assert.That(name.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("--")]
    [TestCase("dmesg")]
    [TestCase("dmesg-0")]
    [TestCase("dmesg--0")]
    [TestCase("dmesg-ramoops-")]
    [TestCase("dmesg-ramoops-.enc.z")]
    [TestCase("dmesg-ramoops--1")]
    [TestCase("dmesg-ramoops-+1")]
    [TestCase("dmesg-ramoops-01")]
    [TestCase("dmesg-ramoops-1 ")]
    [TestCase("dmesg-ramoops-٣")]
    [TestCase("dmesg-ramoops-18446744073709551616")]
    [TestCase("dmesg-ram oops-1")]
    [TestCase("dmesg-../etc-1")]
    [TestCase("dmesg-ram\noops-1")]
    [TestCase("powerpc-ofw-1")]
    [TestCase(".enc.z")]
    [TestCase("dmesg.txt")]
    public void What_pstore_does_not_write_is_no_name(string text)
    {
        Assert.That(RecordName.TryParse(text, out _), Is.False);
    }

    [Test]
    public void The_error_shows_what_was_found_and_what_was_expected()
    {
        var error = Assert.Throws<RecordFormatException>(() => RecordName.Parse("dmesg\u001b[2J"));
        Assert.That(error.Message, Does.Contain(@"dmesg\x1b[2J").And.Contain("<type>-<backend>-<id>[.enc.z]"));
    }
}
