using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>
/// A checkpoint's firmware is given another store: flash and copy must both be as a boot over it would have them, and
/// nothing else may change.
/// </summary>
public class FirmwareVariablesTests
{
    private const int Size = 128 << 10;

    // Behind the beginning of a page, and over the end of another.
    private const int CopyAt = 4096 + 4000;

    private static readonly IStoreFormat Format = StoreFormats.Get(StoreKind.Efi);

    private ScratchFolder _folder = null!;
    private Checkpoint _checkpoint = null!;
    private byte[] _memory = null!;

    [SetUp]
    public void MakeACheckpoint()
    {
        _folder = new ScratchFolder();
        _checkpoint = new Checkpoint(_folder.Path, [], TouchesStores: true);
        byte[] store = Before();
        File.WriteAllBytes(_checkpoint.Store("store"), store);
        File.WriteAllBytes(_checkpoint.State, State(store).Bytes);
        _memory = new byte[1 << 20];
        // The header of the volume is no part of what is looked for.
        store.AsSpan(72, 0xe000 - 72).CopyTo(_memory.AsSpan(CopyAt + 72));
        File.WriteAllBytes(_checkpoint.Memory("ordinary"), _memory);
        File.WriteAllBytes(_checkpoint.Memory("tail"), new byte[8192]);
    }

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void Flash_and_copy_are_found_by_what_is_in_them() =>
        Assert.That(Find(), Is.EqualTo(new FirmwareVariables("store", "system.flash1", "ordinary", CopyAt)));

    [Test]
    public void Restored_they_are_those_of_the_case_and_the_rest_is_as_it_was()
    {
        byte[] after = With(Before(), "a record of another boot");
        Assert.That(Find()!.WriteState(_checkpoint, after, Given));
        byte[] written = File.ReadAllBytes(Given);
        var pieces = SavedMemory.ReadAll(written)!;
        Assert.That(pieces.Select(piece => piece.Name), Is.EqualTo(["ordinary", "system.flash0", "system.flash1"]));
        Assert.That(pieces[1].ContentIn(written), Is.EqualTo(Code));
        Assert.That(pieces[2].ContentIn(written), Is.EqualTo(after));
        byte[] memory = [.. _memory];
        foreach (var page in pieces[0].Pages)
            written.AsSpan(page.Data!.Value, 4096).CopyTo(memory.AsSpan((int)page.Offset));
        byte[] expected = [.. _memory];
        after.AsSpan(72, 0xe000 - 72).CopyTo(expected.AsSpan(CopyAt + 72));
        Assert.That(memory, Is.EqualTo(expected));
        Assert.That(pieces[0].Pages, Has.Count.LessThan(3), "only what has changed");
        byte[] rest = new SavedState().Device().Bytes;
        Assert.That(written[^32..], Is.EqualTo(rest[^32..]), "devices");
    }

    [Test]
    public void A_store_that_firmware_would_change_at_a_boot_is_not_given()
    {
        byte[] after = With(Before(), "a record");
        after[^1] = 0;
        Assert.That(Find()!.WriteState(_checkpoint, after, Given), Is.False);
        Assert.That(Given, Does.Not.Exist);
    }

    [Test]
    public void A_checkpoint_that_was_damaged_since_is_none()
    {
        var found = Find()!;
        byte[] after = With(Before(), "a record");
        foreach (
            byte[] damaged in (byte[][])
                [
                    [.. "the state of a cake"u8],
                    State(after).Bytes,
                ]
        )
        {
            File.WriteAllBytes(_checkpoint.State, damaged);
            Assert.That(() => found.WriteState(_checkpoint, after, Given), Throws.TypeOf<InfraException>());
            Assert.That(Given, Does.Not.Exist);
        }
    }

    [Test]
    public void Nothing_is_guessed_where_the_copy_is_not_there_or_is_there_twice()
    {
        _memory[CopyAt + 0x200] ^= 1;
        File.WriteAllBytes(_checkpoint.Memory("ordinary"), _memory);
        Assert.That(Find(), Is.Null);
        _memory[CopyAt + 0x200] ^= 1;
        _memory.AsSpan(CopyAt, Size).CopyTo(_memory.AsSpan(512 << 10));
        File.WriteAllBytes(_checkpoint.Memory("ordinary"), _memory);
        Assert.That(Find(), Is.Null);
    }

    [Test]
    public void Nor_where_the_flash_is_not_whole()
    {
        byte[] store = Before();
        foreach (
            var state in (SavedState[])
                [
                    State(store, pages: (Size / 4096) - 1),
                    State(With(store, "another")),
                    State(store, repeated: 3),
                    State(store, pages: (Size / 4096) - 1, repeated: 99),
                ]
        )
        {
            File.WriteAllBytes(_checkpoint.State, state.Bytes);
            Assert.That(Find(), Is.Null);
        }

        File.WriteAllText(_checkpoint.State, "the state of a cake");
        Assert.That(Find(), Is.Null);
    }

    private static byte[] Code { get; } = [.. Enumerable.Repeat((byte)7, 4096), .. new byte[4096]];

    private string Given => Path.Combine(_folder.Path, "given");

    private FirmwareVariables? Find() => FirmwareVariables.Find(_checkpoint, "store", ["ordinary", "tail"]);

    private static byte[] Before() => With(Format.CreateEmpty(Size, StoreOptions.None), new string('x', 500));

    private static byte[] With(byte[] image, string text)
    {
        byte[] written = [.. image];
        var record = new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes(text)) { Part = 1, Count = text.Length };
        Assert.That(Format.Write(written, StoreOptions.None, record));
        return written;
    }

    /// <summary>In two parts, as QEMU on a busy host saves it.</summary>
    private static SavedState State(byte[] store, int pages = Size / 4096, int? repeated = null)
    {
        var state = new SavedState(("ordinary", 1 << 20), ("system.flash0", 8192), ("system.flash1", Size));
        state.Part().Page("system.flash0", 0, Code[..4096]).NextZeros(1);
        state.Page("system.flash1", 0, store[..4096]);
        for (int page = 1; page < pages; page++)
        {
            if (page == 5)
                state.EndOfSection().Part();
            state.NextPage(page, store[(page * 4096)..((page + 1) * 4096)]);
        }

        if (repeated is { } again)
            state.NextPage(again, new byte[4096]);
        return state.EndOfSection().Device();
    }
}
