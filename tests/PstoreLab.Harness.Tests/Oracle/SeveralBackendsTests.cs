using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Which backend was registered, and that the others were left alone.</summary>
public class SeveralBackendsTests
{
    private static readonly OtherStore Beside = new("erst", "store-erst", new StoreTemplate(256 << 10, null));

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("erst", null)]
    [TestCase("er*", null)]
    [TestCase("efi", "boot 2 registered erst, not efi")]
    public async Task The_backend_can_be_asked_for(string name, string? fault)
    {
        _case.Expected = _case.Expected with { Registered = [name] };
        await AssertAsync(fault);
    }

    [Test]
    public async Task That_there_is_none_can_be_asked_for()
    {
        _case.Expected = _case.Expected with { Registered = [] };
        await AssertAsync("boot 2 registered erst, not none");
    }

    [Test]
    public async Task A_name_that_was_only_asked_for_is_no_backend()
    {
        _case.Parameters["pstore.backend"] = "erst";
        _case.Expected = _case.Expected with { Registered = ["erst"], Records = null };
        _case.Show(shown => shown.Clear());
        await AssertAsync("boot 2 registered no backend, not erst");
        _case.Expected = _case.Expected with { Registered = [] };
        await AssertAsync(null);
    }

    [Test]
    public async Task What_is_registered_at_an_inspection_counts()
    {
        _case.Cycle = _case.Cycle! with
        {
            BackendAt = new Dictionary<InspectionNumber, string?> { [new InspectionNumber(1)] = "ramoops" },
        };
        _case.Expected = _case.Expected with { Registered = ["erst"] };
        await AssertAsync("boot 2 registered ramoops, not erst");
    }

    [Test]
    public async Task A_backend_that_was_left_alone_is_said_to_be()
    {
        _case.Others = [Beside];
        await File.WriteAllBytesAsync(_case.Folder.Other(Beside), new byte[256 << 10]);
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Findings[^1].Text),
            Is.EqualTo((Verdict.Passed, "erst beside it received no record")),
            judgement.Reason
        );
    }

    [Test]
    public async Task A_record_in_the_store_of_another_backend_is_a_fault()
    {
        _case.Others = [Beside];
        var format = StoreFormats.Get(StoreKind.Erst);
        byte[] store = format.CreateEmpty(256 << 10, new StoreOptions());
        Assert.That(
            format.Write(
                store,
                new StoreOptions(),
                new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes("Panic#1 Part1\nlost\n"))
            )
        );
        await File.WriteAllBytesAsync(_case.Folder.Other(Beside), store);
        Assert.That(await _case.FaultAsync(), Does.StartWith("erst beside it received 1 record: dmesg-erst-"));
    }

    [Test]
    public async Task All_records_in_the_store_of_another_backend_are_named()
    {
        _case.Others = [Beside];
        await File.WriteAllBytesAsync(_case.Folder.Other(Beside), _case.IntactStore());
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"erst beside it received 2 records: {CaseEvidence.Newest} (slot 0), {CaseEvidence.Older} (slot 1)"
            )
        );
    }

    [Test]
    public async Task A_store_of_another_backend_that_is_none_does_not_prove_that_it_was_left_alone()
    {
        _case.Others = [Beside];
        byte[] garbage = [.. Enumerable.Repeat((byte)0x55, 256 << 10)];
        await File.WriteAllBytesAsync(_case.Folder.Other(Beside), garbage);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                "the store of erst cannot be decoded: no ERST store: it does not begin with QEMU's magic, ERSTSTOR"
            )
        );
    }

    [Test]
    public async Task A_store_of_another_backend_that_was_cut_is_infra()
    {
        _case.Others = [Beside];
        await File.WriteAllBytesAsync(_case.Folder.Other(Beside), new byte[128 << 10]);
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo(
                (Verdict.Infra, $"the evidence {_case.Folder.Other(Beside)} has 131072 bytes, and the store has 262144")
            )
        );
    }

    [TestCase(new[] { 1 }, ", and no backend was registered at boot 1")]
    [TestCase(new[] { 2 }, ", and no backend was registered at boot 2")]
    [TestCase(new[] { 1, 2 }, ", and no backend was registered at boot 1 and 2")]
    [TestCase(new int[0], "")]
    public async Task Where_no_backend_was_registered_is_said_of_a_record_that_is_missing(int[] without, string said)
    {
        _case.Records.Clear();
        HaveNoBackendAt(without);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo($"no dmesg record of crash 1 (nonce {CaseEvidence.Nonce}): /sys/fs/pstore is empty{said}")
        );
    }

    [Test]
    public async Task That_there_is_no_record_proves_nothing_where_there_was_no_backend()
    {
        _case.Records.Clear();
        _case.Expected = _case.Expected with { Records = [] };
        HaveNoBackendAt(2);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo("no record, but no backend was registered at boot 2 either: this proves nothing")
        );
        Assert.That((await _case.JudgeAsync()).Findings[0].Layer, Is.EqualTo("pstorefs"));
    }

    private void HaveNoBackendAt(params int[] boots) =>
        _case.Cycle = _case.Cycle! with
        {
            Boots =
            [
                .. _case.Cycle.Boots.Select(boot =>
                    boots.Contains(boot.Number.Value) ? boot with { Backend = null } : boot
                ),
            ],
        };

    [Test]
    public async Task A_store_that_is_not_among_the_evidence_is_infra()
    {
        _case.Others = [Beside];
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {_case.Folder.Other(Beside)} is missing"))
        );
    }

    [Test]
    public async Task A_short_tail_needs_no_marker_line_and_no_gap()
    {
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail, Parts = new PartCount(2, 2) };
        await AssertAsync(null);
        _case.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail, Parts = new PartCount(1, 1) };
        await AssertAsync("it has 2 parts, not 1");
    }

    private async Task AssertAsync(string? fault)
    {
        if (fault is null)
            Assert.That((await _case.JudgeAsync()).Reason, Is.Empty);
        else
            Assert.That(await _case.FaultAsync(), Does.EndWith(fault));
    }
}
