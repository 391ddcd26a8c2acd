using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Which image is the store at a moment of the case, and what is called so that cannot be decoded.</summary>
public class StoreEvidenceTests
{
    private const string NoStore = "cannot be decoded: no ERST store: it does not begin with QEMU's magic, ERSTSTOR";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("0", null)]
    [TestCase("-1", null)]
    [TestCase("", null)]
    [TestCase("100", $"the store at inspection 1 {NoStore}")]
    public async Task A_boot_that_shows_its_own_records_is_held_to_the_store_of_that_moment(string every, string? fault)
    {
        _case.Parameters["pstore.update_ms"] = every;
        await File.WriteAllBytesAsync(_case.Folder.StoreShown(new InspectionNumber(1)), Garbage);
        if (fault is null)
            Assert.That((await _case.JudgeAsync()).Reason, Is.Empty);
        else
            Assert.That(await _case.FaultAsync(), Is.EqualTo(fault));
    }

    [Test]
    public async Task The_store_that_a_boot_left_is_called_so()
    {
        _case.Store = Garbage;
        await _case.JudgeAsync();
        var plan = PlanFile.Read(_case.Folder.Plan);
        var stores = new StoreEvidence(_case.Folder, plan);
        Assert.That(stores.LeftBy(new BootNumber(1)).Fault, Is.EqualTo($"the store as boot 1 left it {NoStore}"));
        Assert.That(stores.FoundBy(new BootNumber(2)).Fault, Is.EqualTo($"the store as boot 2 found it {NoStore}"));
    }

    [Test]
    public void A_store_that_is_none_holds_nothing() =>
        Assert.That(new FoundStore(null, "it cannot be decoded").Holding("Panic"), Is.Empty);

    [TestCase("Panic#1 Part1", 1)]
    [TestCase(CaseEvidence.Nonce, 1)]
    [TestCase("never said", 0)]
    public void A_text_is_in_a_record_from_its_first_byte_on(string text, int records)
    {
        var store = FoundStore.Decode(_case.IntactStore(), StoreKind.Erst, StoreOptions.None, "the store");
        Assert.That(store.Holding(text).Count(), Is.EqualTo(records));
    }

    private static byte[] Garbage => [.. Enumerable.Repeat((byte)0x55, 256 << 10)];
}
