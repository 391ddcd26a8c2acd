namespace PstoreLab.Records.Tests;

public class RecordTextTests
{
    [Test]
    public void Every_byte_survives()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        Assert.That(RecordText.ToBytes(RecordText.FromBytes(bytes)), Is.EqualTo(bytes));
    }

    [Test]
    public void A_reader_sees_utf8_decoded_and_everything_dangerous_spelt_out()
    {
        var text = RecordText.FromBytes([
            (byte)'a',
            0x1b,
            (byte)'[',
            0xc3,
            0xa9,
            0xff,
            0xe2,
            0x82,
            (byte)'\t',
            (byte)'\r',
            (byte)'\n',
            0,
        ]);
        Assert.That(RecordText.ForDisplay(text), Is.EqualTo("a\\x1b[é\\xff\\xe2\\x82\t\\x0d\n\\x00"));
    }
}
