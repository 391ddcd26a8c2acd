namespace PstoreLab.Records.Tests;

public class EccNoticeTests
{
    [TestCase("\nNo errors detected\n", 0, 0)]
    [TestCase("\nECC: No errors detected\n", 0, 0)]
    [TestCase("\n12 Corrected bytes, 3 unrecoverable blocks\n", 12, 3)]
    [TestCase("\nECC: 2147483647 Corrected bytes, 0 unrecoverable blocks\n", int.MaxValue, 0)]
    public void The_notice_is_taken_off_and_read(string notice, int corrected, int bad)
    {
        Assert.That(EccNotice.TryStrip("<6>[    1.0] last line\n" + notice, out var found, out var content));
        Assert.That(found, Is.EqualTo(new EccNotice(corrected, bad)));
        Assert.That(content, Is.EqualTo("<6>[    1.0] last line\n"));
    }

    [Test]
    public void A_damaged_record_need_not_end_in_a_line_feed()
    {
        Assert.That(
            EccNotice.TryStrip("torn\nECC: 0 Corrected bytes, 1 unrecoverable blocks\n", out var found, out var content)
        );
        Assert.That(found, Is.EqualTo(new EccNotice(0, 1)));
        Assert.That(content, Is.EqualTo("torn"));
    }

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("No errors detected\n")]
    [TestCase("text\nECC: No errors detected")]
    [TestCase("text\nECC: No errors detected\n<6>[    1.0] more\n")]
    [TestCase("<6>[    1.0] ECC: No errors detected\n")]
    [TestCase("text\nECC: 99999999999 Corrected bytes, 1 unrecoverable blocks\n")]
    [TestCase("text\nECC: 4294967295 Corrected bytes, 1 unrecoverable blocks\n")]
    public void What_is_no_notice_stays(string text)
    {
        Assert.That(EccNotice.TryStrip(text, out var notice, out var content), Is.False);
        Assert.That(notice, Is.Null);
        Assert.That(content, Is.EqualTo(text));
    }
}
