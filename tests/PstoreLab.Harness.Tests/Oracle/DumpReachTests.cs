using System.Globalization;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>A dump is whole when it reaches back as far as pstore promises, not only when it ends well.</summary>
public class DumpReachTests
{
    private const string Short = "its parts are 6653 bytes in the store, 3587 short of kmsg_bytes (10240), and ";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task A_dump_whose_older_part_was_never_written_is_not_whole()
    {
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(
            await _case.FaultAsync(),
            Does.Contain(Short + "the store had room for more; lost by the writer: the store holds no more")
        );
    }

    [Test]
    public async Task Nor_is_one_whose_older_part_was_removed_since()
    {
        _case.Store = _case.IntactStore();
        _case.Records.Remove(CaseEvidence.Older);
        _case.DamagedStore = _case.IntactStore();
        await _case.DamageStoreAsync();
        Assert.That(await _case.FaultAsync(), Does.Contain(Short + "were "));
    }

    [Test]
    public async Task A_record_of_another_boot_with_the_same_number_counts_for_nothing()
    {
        _case.Records.Remove(CaseEvidence.Older);
        byte[] store = _case.IntactStore();
        var erst = StoreFormats.Get(StoreKind.Erst);
        var twin = new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes("Panic#1 Part1\n" + new string('x', 5000)))
        {
            Id = ulong.Parse(CaseEvidence.Newest.Split('-')[^1], CultureInfo.InvariantCulture),
            Index = 5,
        };
        Assert.That(erst.Write(store, StoreOptions.None, twin));
        _case.Store = store;
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Has.Some.Contains(Short + "the store had room for more")
        );
    }

    [Test]
    public async Task Nor_does_another_one_of_the_same_crash()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Records["dmesg-erst-7710738641000000001"] =
            $"Oops#1 Part1\n<4>[    3.492945] pstorelab: mark {CaseEvidence.Nonce} 1/8\n";
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Has.Some.Contains(Short + "the store had room for more")
        );
    }

    [Test]
    public async Task Nor_does_one_with_the_same_text()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Records["dmesg-erst-7710738999999999337"] = _case.Records[CaseEvidence.Newest];
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Has.Some.Contains(Short + "the store had room for more")
        );
    }

    [Test]
    public async Task One_as_far_back_as_the_store_had_room_is_whole()
    {
        _case.Records.Remove(CaseEvidence.Older);
        byte[] store = _case.IntactStore();
        var erst = StoreFormats.Get(StoreKind.Erst);
        var filler = new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes($"Panic#1 Part1\n{Fill.FillerPrefix} 1\n"));
        ulong id = 1;
        while (erst.Write(store, StoreOptions.None, filler with { Id = id }))
            id++;
        _case.Store = store;
        foreach (var record in erst.Decode(store, StoreOptions.None).Records.Where(IsFiller))
            _case.Show(shown => shown[record.Name.ToString()] = RecordText.FromBytes(record.Payload.Span));
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Has.Some.EndsWith("whole to the last line, as far as the store had room (6653 bytes of kmsg_bytes 10240)")
        );
    }

    [TestCase("kmsg_bytes=6600", Verdict.Passed)]
    [TestCase("kmsg_bytes=7000", Verdict.Failed)]
    public async Task The_amount_is_that_of_the_mount(string options, Verdict expected)
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.BeforeTheCrash = [new NoteBackend(new AgentRequest.Mount(options))];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task Or_of_the_mount_behind_the_modules_of_the_boot()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.BeforeTheCrash = [new NoteBackend(new AgentRequest.BringUp([new("ramoops", [])], "kmsg_bytes=6600"))];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [TestCase("mount -o remount,kmsg_bytes=6600 /sys/fs/pstore", Verdict.Passed)]
    [TestCase("mount -o remount,kmsg_bytes=7000 /sys/fs/pstore", Verdict.Failed)]
    [TestCase("mount -o remount,kmsg_bytes=$n /sys/fs/pstore", Verdict.Infra)]
    public async Task Or_of_the_command_that_set_it(string command, Verdict expected)
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.BeforeTheCrash = [new RunInGuest(1, command, 0, "cycle.yaml:3:5")];
        await File.WriteAllTextAsync(_case.Folder.Run(1), "0\n");
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    private static bool IsFiller(StoredRecord record) =>
        RecordText.FromBytes(record.Payload.Span).Contains(Fill.FillerPrefix, StringComparison.Ordinal);
}
