using PstoreLab.FakeQemu;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>
/// Whole cases whose store is damaged between two boots: the evidence that it leaves, and what is said of it.
/// </summary>
[CancelAfter(120_000)]
public class DamagedStoreTests
{
    private static Damage Other { get; } = new Replace(1, "Panic#7 Part1\n<6>[    1.000000] not by this kernel\n");

    private static Expectation AnyRecord { get; } =
        PlanBench.Records(PlanBench.Panic(1) with { Content = RecordContent.Any });

    [Test]
    public async Task A_damage_leaves_its_evidence_and_the_next_boot_finds_what_it_made()
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = Damaged(AnyRecord, Other);
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(
            result.Findings.Select(finding => (finding.Held, finding.Layer, finding.Text)),
            Does.Contain((true, "store", "damage 1: replace the payload of record 1 by 51 bytes"))
        );
        var folder = lab.Run.Case(@case.Id);
        Assert.That(
            File.ReadAllText(Path.Combine(folder.Records(new InspectionNumber(1)), "dmesg-erst-7710738641726734337")),
            Is.EqualTo(((Replace)Other).Text)
        );
        byte[] left = File.ReadAllBytes(folder.Boot(new BootNumber(1)).Store);
        byte[] damaged = File.ReadAllBytes(folder.Boot(new BootNumber(1)).DamagedStore);
        Assert.That(damaged, Is.Not.EqualTo(left).And.EqualTo(File.ReadAllBytes(folder.Store)));
        var log = EvidenceJson.Read<DamageLog>(folder.Damage(1))!;
        Assert.That((log.Done, log.Fault), Is.EqualTo((Other.ToString(), default(string))));
        Assert.That(DamageLog.Of(log.Done, left, damaged).Changes, Is.EqualTo(log.Changes));
    }

    [Test]
    public async Task Repro_sh_boots_the_very_store_that_was_damaged()
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = Damaged(AnyRecord, new FlipBits(1, RegionKind.Data, null, 40, 3));
        await lab.RunAsync(@case);
        var folder = lab.Run.Case(@case.Id);
        var repro = File.ReadAllText(folder.Repro);
        var functions = repro[
            repro.IndexOf("damage() {", StringComparison.Ordinal)..repro.IndexOf("keep() {", StringComparison.Ordinal)
        ];
        Directory.CreateDirectory(Path.Combine(folder.Root, "again"));
        File.Copy(folder.Boot(new BootNumber(1)).Store, Path.Combine(folder.Root, "again", "store"));
        var output = await new ProcessRunner().RunAsync(
            new ProcessSpec("bash", "-u", "-c", "qemu=\n" + functions + "damage ../boot-1/store.damaged")
            {
                WorkingDirectory = Path.Combine(folder.Root, "again"),
            }
        );
        Assert.That((output.Exit.Code, output.StandardError), Is.EqualTo((0, "")));
        Assert.That(
            File.ReadAllBytes(Path.Combine(folder.Root, "again", "store")),
            Is.EqualTo(File.ReadAllBytes(folder.Boot(new BootNumber(1)).DamagedStore))
        );
    }

    [Test]
    public async Task Damage_that_an_expectation_does_not_allow_for_fails_as_lost_by_the_writer()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(Damaged(PlanBench.OnePanic, new Truncate(1, 900)));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        var broken = result.Findings.Single(finding => !finding.Held);
        Assert.That((broken.Layer, broken.Text), Is.EqualTo(("store", broken.Text)));
        Assert.That(broken.Text, Does.Contain("lost by the writer or by the damage since: the store holds no more"));
    }

    [Test]
    public async Task Damage_to_a_store_without_a_record_fails_and_says_so()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.LosesTheRecord));
        var @case = Damaged(PlanBench.Records(), Other);
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Is.EqualTo(
                "damage 1 could not be done (replace the payload of record 1 by 51 bytes): the store holds "
                    + "0 records, so there is no record 1 to damage"
            )
        );
        var folder = lab.Run.Case(@case.Id);
        Assert.That(
            File.ReadAllBytes(folder.Boot(new BootNumber(1)).DamagedStore),
            Is.EqualTo(File.ReadAllBytes(folder.Boot(new BootNumber(1)).Store))
        );
    }

    [Test]
    public async Task Damages_in_a_row_are_done_one_upon_the_other()
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = Damaged(AnyRecord, Other, new Poke(1, RegionKind.Data, 0, "4f6f7073"));
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Is.EqualTo("dmesg-erst-7710738641726734337 of crash 1: its reason is Oopsc, not Panic")
        );
        var folder = lab.Run.Case(@case.Id);
        Assert.That(EvidenceJson.Read<DamageLog>(folder.Damage(2))!.Changes, Has.Count.EqualTo(1));
        Assert.That(
            File.ReadAllBytes(folder.Boot(new BootNumber(1)).DamagedStore),
            Is.EqualTo(File.ReadAllBytes(folder.Store)),
            "that is with both"
        );
    }

    [Test]
    public async Task A_guest_that_still_runs_is_ended_before_its_store_is_damaged()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                PlanBench.Damage(Other),
                PlanBench.Cold(),
                PlanBench.Expect(AnyRecord)
            )
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(lab.Boots, Is.EqualTo(2));
    }

    [Test]
    public async Task A_store_that_was_filled_has_no_room_for_the_next_crash()
    {
        using var lab = new FakeLab(new FakeBoot());
        var full = PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash("none"),
            PlanBench.Damage(new Fill(500)),
            PlanBench.Cold(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        var result = await lab.RunAsync(full);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(
            result.Findings.Select(finding => finding.Text),
            Has.Some.Match("^\\d+ records that the store was filled with$")
        );
    }

    [Test]
    public async Task A_damage_of_which_nothing_was_kept_is_infra()
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = Damaged(AnyRecord, Other);
        await lab.RunAsync(@case);
        var folder = lab.Run.Case(@case.Id);
        File.Delete(folder.Damage(1));
        var judgement = Judge.Of(folder);
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {folder.Damage(1)} is missing"))
        );
    }

    private static Case Damaged(Expectation expectation, params Damage[] damages) =>
        PlanBench.Case([
            PlanBench.Boot(),
            PlanBench.Crash(),
            .. damages.Select(PlanBench.Damage),
            PlanBench.Cold(),
            PlanBench.Expect(expectation),
        ]);
}
