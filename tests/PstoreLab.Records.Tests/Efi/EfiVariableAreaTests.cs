using System.Buffers.Binary;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Efi;

/// <summary>
/// Where firmware would do nothing with a store but read it. One store too many, and a kernel is shown what no boot
/// would have shown it.
/// </summary>
public class EfiVariableAreaTests
{
    private const int FirstVariable = 100;
    private const int State = 2;
    private const int Attributes = 4;
    private const int Vendor = 44;
    private const int End = 0x40000;
    private static readonly EfiFormat Format = new();

    [Test]
    public void Dumps_behind_all_else_are_what_was_added()
    {
        byte[] before = With(Empty(), "one");
        byte[] after = With(With(before, "two"), "three");
        Assert.That(EfiVariableArea.DumpsAdded(before, after), Is.EqualTo((Used(before), Used(after) - Used(before))));
        Assert.That(EfiVariableArea.DumpsAdded(before, before), Is.EqualTo((Used(before), 0)));
        Assert.That(
            EfiVariableArea.DumpsAdded(Empty(), after),
            Is.EqualTo((FirstVariable, Used(after) - FirstVariable))
        );
    }

    [Test]
    public void A_deleted_one_is_one_of_them()
    {
        byte[] after = With(With(Empty(), "one"), "two");
        after[FirstVariable + State] = 0x3d;
        Assert.That(EfiVariableArea.DumpsAdded(Empty(), after), Is.Not.Null);
    }

    [TestCase(0x10, TestName = "A volume of another kind is another store")]
    [TestCase(0x60, TestName = "A store header that was written to is another store")]
    [TestCase(FirstVariable + State, TestName = "Deleted variables of before are another store")]
    [TestCase(FirstVariable + 70, TestName = "Changed variables of before are another store")]
    [TestCase(End + 1, TestName = "A write to the log of firmware is another store")]
    [TestCase(End - 1, TestName = "Bytes in the blank room are another store")]
    public void A_store_that_differs_elsewhere_is_another_one(int at)
    {
        byte[] before = With(Empty(), "one");
        byte[] after = With(before, "two");
        after[at] ^= 2;
        Assert.That(EfiVariableArea.DumpsAdded(before, after), Is.Null);
    }

    [TestCase(Vendor, (byte)0, TestName = "A variable of others may be firmware's own business")]
    [TestCase(Attributes, (byte)0x27, TestName = "A variable that is signed is firmware's to check")]
    [TestCase(State, (byte)0x7f, TestName = "A variable that was being written is firmware's to clean up")]
    [TestCase(State, (byte)0x3e, TestName = "A variable that was being replaced is firmware's to clean up")]
    public void What_was_added_is_whole_dumps(int field, byte value)
    {
        byte[] after = With(Empty(), "one");
        after[FirstVariable + field] = value;
        Assert.That(EfiVariableArea.DumpsAdded(Empty(), after), Is.Null);
    }

    [Test]
    public void A_variable_that_runs_over_the_end_is_none()
    {
        byte[] after = With(Empty(), "one");
        BinaryPrimitives.WriteInt32LittleEndian(after.AsSpan(FirstVariable + 40), End);
        Assert.That(EfiVariableArea.DumpsAdded(Empty(), after), Is.Null);
    }

    [Test]
    public void Firmware_makes_room_in_a_store_that_is_nearly_full()
    {
        byte[] after = Empty();
        while (End - Used(after) >= 0x8400 + 1200)
            after = With(after, new string('x', 1000));
        Assert.That(EfiVariableArea.DumpsAdded(Empty(), after), Is.Not.Null);
        Assert.That(EfiVariableArea.DumpsAdded(Empty(), With(after, new string('x', 1200))), Is.Null);
    }

    [Test]
    public void Stores_of_two_sizes_and_what_is_none_have_nothing_to_compare()
    {
        byte[] small = Format.CreateEmpty(128 << 10, StoreOptions.None);
        Assert.That(EfiVariableArea.DumpsAdded(small, Empty()), Is.Null);
        Assert.That(EfiVariableArea.DumpsAdded(small, With(small, "one")), Is.Not.Null);
        Assert.That(EfiVariableArea.Find(new byte[4096]), Is.Null);
        small[55] = 1;
        Assert.That(EfiVariableArea.Find(small), Is.Null, "firmware would replace it");
        Assert.That(EfiVariableArea.Find(Empty()), Is.EqualTo(new EfiVariableArea(72, End - 72)));
    }

    private static byte[] Empty() => Format.CreateEmpty(528 << 10, StoreOptions.None);

    private static byte[] With(byte[] image, string text)
    {
        byte[] written = [.. image];
        int records = Format.Decode(image, StoreOptions.None).Records.Count;
        var record = new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes(text))
        {
            Part = (uint)records + 1,
            Count = 1,
        };
        Assert.That(Format.Write(written, StoreOptions.None, record));
        return written;
    }

    private static int Used(byte[] image)
    {
        var store = VariableStore.Find(image);
        store.Walk(image);
        return store.FreeOffset;
    }
}
