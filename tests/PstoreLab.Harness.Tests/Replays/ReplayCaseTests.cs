using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Replays;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Harness.Tests.Runs;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Replays;

/// <summary>A store as a case: which machine it gets, and who is blamed.</summary>
public class ReplayCaseTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void The_division_is_the_writer_s_and_the_place_is_ours()
    {
        var options = new StoreOptions
        {
            Parameters = new Dictionary<string, string>
            {
                ["ramoops.mem_address"] = "0x8f000000",
                ["ramoops.record_size"] = "0x8000",
                ["ramoops.ecc"] = "1",
            },
        };
        var plan = PlanOf(StoreKind.Ramoops, 200_000, options);
        Assert.That(plan.Store.Size, Is.EqualTo(1 << 20), "in whole MiB");
        var boot = plan.Boots.Single();
        Assert.That(boot.Parameters["ramoops.record_size"], Is.EqualTo("32768"));
        Assert.That(boot.Parameters["ramoops.ecc"], Is.EqualTo("16"));
        Assert.That(boot.Parameters["ramoops.mem_size"], Is.EqualTo("200000"));
        Assert.That(boot.Parameters["ramoops.mem_address"], Is.Not.EqualTo("0x8f000000"));
    }

    [Test]
    public void The_kernel_is_to_blame_where_its_first_boot_fails_and_no_checkpoint_hides_the_store()
    {
        var erst = (PowerOn)PlanOf(StoreKind.Erst, 256 << 10).Steps.First();
        Assert.That(erst.Blame(PlanOf(StoreKind.Erst, 256 << 10).Boots[0]), Is.EqualTo(Blame.Product));
        Assert.That(erst.Start!.Reason, Is.EqualTo("nothing has used the store yet"));
    }

    [Test]
    public void Of_several_backends_one_is_asked_for()
    {
        var blk = new StoreOptions { Parameters = new Dictionary<string, string> { ["pstore_blk.kmsg_size"] = "64" } };
        Assert.That(Of(StoreKind.PstoreBlk, 1 << 20, null, blk).Backend, Is.EqualTo("pstore-blk"));
        Assert.That(Of(StoreKind.PstoreBlk, 1 << 20, "mtd-pstore", blk).Backend, Is.EqualTo("mtd-pstore"));
        Assert.That(
            () => Of(StoreKind.Erst, 256 << 10, "ramoops"),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("--backend ramoops: what is there is of erst")
        );
    }

    [Test]
    public async Task The_guest_finds_the_bytes_and_the_verdict_is_that_of_a_case()
    {
        using var lab = new FakeLab(new FakeBoot());
        var written = await lab.RunAsync(FakeLab.Cold);
        Assert.That(written.Verdict, Is.EqualTo(Verdict.Passed), written.Reason);
        string store = lab.Run.Case(FakeLab.Cold.Id).Boot(new BootNumber(1)).Store;
        byte[] content = await File.ReadAllBytesAsync(store);
        var decoded = StoreFormats.Get(StoreKind.Erst).Decode(content, StoreOptions.None);
        var @case = ReplayCase.Of(1, new ReplayedStore("a.bin", content, decoded), store, "debian-6.1");
        var read = await lab.RunAsync(@case);
        Assert.That(read.Verdict, Is.EqualTo(Verdict.Passed), read.Reason);
        Assert.That(RecordSnapshot.Read(lab.Run.Case(@case.Id).Records(new InspectionNumber(1))), Is.Not.Empty);
        Assert.That(Harness.Oracle.Judge.Of(lab.Run.Case(@case.Id)).Verdict, Is.EqualTo(Verdict.Passed));
    }

    private Plan PlanOf(StoreKind kind, int length, StoreOptions? options = null) =>
        Planner.Plan(Of(kind, length, null, options), PlanBench.Images(_folder), "tcg", () => "0");

    private Harness.Scenarios.Case Of(StoreKind kind, int length, string? backend, StoreOptions? options = null)
    {
        var format = StoreFormats.Get(kind);
        byte[] content = format.CreateEmpty(length, options ?? StoreOptions.None);
        var decoded = format.Decode(content, options ?? StoreOptions.None);
        return ReplayCase.Of(
            1,
            new ReplayedStore("a.bin", content, decoded),
            _folder.Write("store", content),
            "debian-6.1",
            backend
        );
    }
}
