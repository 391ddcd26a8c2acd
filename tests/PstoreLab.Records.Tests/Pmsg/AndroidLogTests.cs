using System.Buffers.Binary;
using PstoreLab.Records.Pmsg;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Pmsg;

/// <summary>Android's log in a pmsg ring.</summary>
public class AndroidLogTests
{
    private const string First = "11-14 22:13:20.123 10042   812   830 E ActivityManager: first\n";
    private const string Second = "11-14 22:13:21.123 10042   812   830 W ab      : two\n";

    [Test]
    public void Every_line_of_a_message_is_one_of_logcat()
    {
        byte[] log = [.. Entry(6, "ActivityManager", "first\nof two\n", 0), .. Entry(5, "ab", "two", 1)];
        Assert.That(
            AndroidLog.ToText(log),
            Is.EqualTo(First + First.Replace("first", "of two", StringComparison.Ordinal) + Second)
        );
    }

    [Test]
    public void What_belongs_to_no_whole_entry_is_counted()
    {
        byte[] first = Entry(6, "ActivityManager", "first", 0);
        byte[] second = Entry(5, "ab", "two", 1);
        byte[] damaged = [.. second];
        damaged[1] = 200;
        byte[] log = [.. "el of a tail\0"u8, .. first, .. damaged, .. second, .. first[..20]];
        Assert.That(
            AndroidLog.ToText(log),
            Is.EqualTo(
                $"[13 bytes of no whole entry]\n{First}[{second.Length} bytes of no whole entry]\n"
                    + $"{Second}[20 bytes of no whole entry]\n"
            )
        );
    }

    [Test]
    public void Binary_events_are_named_by_their_tags()
    {
        byte[] entry = Entry(0x11, "\u0027\0", "", 0);
        entry[7] = 2;
        Assert.That(
            AndroidLog.ToText(entry),
            Is.EqualTo("11-14 22:13:20.123 10042   812   830 I [10001]: 5 bytes of a binary event\n")
        );
    }

    [TestCase("")]
    [TestCase("a text that somebody wrote to /dev/pmsg0\nlines of it, all beginning with l\n")]
    [TestCase("l")]
    public void Another_text_is_none_of_Androids(string text) =>
        Assert.That(AndroidLog.ToText(RecordText.ToBytes(text)), Is.Null);

    [Test]
    public void A_hundred_thousand_damaged_logs_throw_nothing() =>
        Mutations.Survive(
            [
                [.. Entry(6, "ActivityManager", "first", 0), .. Entry(5, "ab", "two", 1), .. Entry(4, "", "", 2)],
            ],
            100_000,
            log => AndroidLog.ToText(log)
        );

    private static byte[] Entry(byte priority, string tag, string message, uint second)
    {
        byte[] payload = [priority, .. RecordText.ToBytes(tag), 0, .. RecordText.ToBytes(message), 0];
        byte[] entry = new byte[18 + payload.Length];
        entry[0] = (byte)'l';
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(1), (ushort)entry.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(3), 10042);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(5), 812);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(8), 830);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(10), 1_700_000_000 + second);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(14), 123_456_789);
        payload.CopyTo(entry, 18);
        return entry;
    }
}
