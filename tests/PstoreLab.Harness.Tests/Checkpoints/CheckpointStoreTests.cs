using PstoreLab.FakeQemu;
using PstoreLab.Harness.Checkpoints;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Checkpoints;

/// <summary>Boots that a checkpoint stands for, with the fake QEMU.</summary>
public class CheckpointStoreTests
{
    private readonly List<string> _said = [];

    [SetUp]
    public void Forget() => _said.Clear();

    [Test]
    public async Task A_boot_that_is_wanted_again_is_restored_and_its_console_is_whole()
    {
        using var lab = Lab(new FakeBoot());
        var first = await lab.RunAsync(FakeLab.Cold);
        Assert.That(first.Verdict, Is.EqualTo(Verdict.Passed), first.Reason);
        Assert.That(Restored(lab), Is.EqualTo([false, true]), "nobody knew that it would come again");
        // Two of the case, one that is kept, one to see that it comes back.
        Assert.That(lab.Boots, Is.EqualTo(4));
        var second = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(second.Verdict, Is.EqualTo(Verdict.Passed), second.Reason);
        Assert.That(Restored(lab, "again"), Is.EqualTo([true, true]));
        Assert.That(lab.Boots, Is.EqualTo(6));
        string console = File.ReadAllText(lab.Run.Case("again").Boot(new(1)).Console);
        Assert.That(console, Does.Contain("Linux version").And.Contain("Kernel panic"));
        Assert.That(_said, Is.Empty);
    }

    [Test]
    public async Task One_that_QEMU_does_not_take_goes_and_the_machine_boots()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        File.WriteAllText(Path.Combine(OnlyFolder(lab), "state"), "the state of a cake");
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(Restored(lab, "again"), Is.EqualTo([false, true]), "it is made anew");
        Assert.That(_said, Has.One.EndsWith("load of migration failed: Invalid argument"));
    }

    [Test]
    public async Task A_truncated_one_is_made_anew()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        File.WriteAllText(Path.Combine(OnlyFolder(lab), "console"), "");
        Assert.That((await lab.RunAsync(FakeLab.Cold with { Id = "again" })).Verdict, Is.EqualTo(Verdict.Passed));
        Assert.That(Restored(lab, "again"), Is.EqualTo([true, true]));
        Assert.That(_said, Has.One.EndsWith("is damaged and is made anew"));
    }

    [Test]
    public async Task What_a_killed_process_has_half_made_is_none()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        File.Delete(Path.Combine(OnlyFolder(lab), "checkpoint.json"));
        Directory.CreateDirectory(Path.Combine(Folder(lab).Path, ".tmp-killed", "checkpoint"));
        Assert.That((await lab.RunAsync(FakeLab.Cold with { Id = "again" })).Verdict, Is.EqualTo(Verdict.Passed));
        Assert.That(Folder(lab).List(), Has.Count.EqualTo(1));
        Assert.That(Folder(lab).Prune(), Has.Count.EqualTo(1));
        Assert.That(Folder(lab).Path, Does.Not.Exist);
    }

    [Test]
    public async Task A_case_of_restored_boots_runs_where_there_is_no_memory_for_one_that_boots()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        // Beside a guest of 512 MiB and QEMU's 192, one of 128 MiB fits and no larger one.
        lab.Slots = new GuestSlots(2, () => 512 + ((512 + 192) / 2) + 128);
        using var beside = await lab.Slots.TakeAsync(512, CancellationToken.None);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(Restored(lab, "again"), Is.All.True);
    }

    [Test]
    public async Task Of_two_that_want_it_at_once_one_makes_it()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        Folder(lab).Delete(Path.GetFileName(OnlyFolder(lab)));
        int before = lab.Boots;
        await Task.WhenAll(
            lab.RunAsync(FakeLab.Cold with { Id = "one" }),
            lab.RunAsync(FakeLab.Cold with { Id = "two" })
        );
        Assert.That(Restored(lab, "one").Concat(Restored(lab, "two")), Is.All.True);
        Assert.That(lab.Boots - before, Is.EqualTo(2 + 4));
    }

    [Test]
    public async Task A_machine_that_does_not_boot_has_none_and_its_case_says_why()
    {
        using var lab = Lab(new FakeBoot(), new FakeBoot(FakeFault.EndsAtOnce));
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(_said, Has.One.StartWith("no checkpoint of debian-6.1 with erst: QEMU ended at once"));
        Assert.That(Folder(lab).List(), Is.Empty);
    }

    [Test]
    public async Task A_failure_of_restored_boots_is_one_when_fresh_ones_fail_too()
    {
        using var lab = await PreparedAsync([.. Enumerable.Repeat(new FakeBoot(), 4), Lossy]);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed), result.Reason);
        Assert.That(result.Attempts.Select(one => one.Verdict), Is.EqualTo([Verdict.Failed, Verdict.Failed]));
        Assert.That(Restored(lab, "again"), Is.All.False);
    }

    [Test]
    public async Task Nothing_is_blamed_on_the_product_that_only_restored_boots_show()
    {
        using var lab = await PreparedAsync([
            .. Enumerable.Repeat(new FakeBoot(), 4),
            Lossy,
            new FakeBoot(),
            new FakeBoot(),
        ]);
        var result = await lab.RunAsync(FakeLab.Cold with { Id = "again" });
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(result.Attempts, Has.Count.EqualTo(2));
        Assert.That(
            result.Reason,
            Does.StartWith("with restored boots it failed (")
                .And.EndsWith(
                    "with fresh ones it did not: the failure is chance, or a checkpoint is not what it stands for"
                )
        );
    }

    [Test]
    public async Task Room_is_made_by_those_that_were_not_wanted_for_longest()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        string old = OnlyFolder(lab);
        File.SetLastWriteTimeUtc(old + ".wanted", DateTime.UnixEpoch);
        for (int i = 0; i < 64; i++)
        {
            Directory.CreateDirectory(Folder(lab).Of($"{i}"));
            Folder(lab).IsWantedAgain($"{i}", DateTimeOffset.UnixEpoch.AddDays(i + 1));
        }

        Folder(lab).MakeRoom(1);
        Assert.That(Directory.GetDirectories(Folder(lab).Path), Has.Length.EqualTo(63));
        Assert.That(old, Does.Not.Exist);
        Assert.That(Folder(lab).Of("0"), Does.Not.Exist);
    }

    [Test]
    public async Task Large_ones_make_room_before_there_are_many()
    {
        using var lab = await PreparedAsync(new FakeBoot());
        string key = Folder(lab).List().Single().Name;
        Folder(lab).MakeRoom(11L << 30);
        Assert.That(Folder(lab).List().Single().Name, Is.EqualTo(key), "there is room for both");
        Folder(lab).MakeRoom(12L << 30);
        Assert.That(Folder(lab).List(), Is.Empty);
    }

    private static FakeBoot Lossy { get; } = new(FakeFault.LosesTheNewestLine);

    /// <summary>One with a checkpoint of the only boot there is.</summary>
    private async Task<FakeLab> PreparedAsync(params FakeBoot[] boots)
    {
        var lab = Lab(boots);
        Assert.That((await lab.RunAsync(FakeLab.Cold)).Verdict, Is.EqualTo(Verdict.Passed));
        return lab;
    }

    private FakeLab Lab(params FakeBoot[] boots)
    {
        var lab = new FakeLab(boots);
        lab.Checkpoints = new CheckpointStore(
            lab.Runner,
            _ => FakeLab.Qemu,
            new StateBudget(1),
            lab.Time,
            Folder(lab),
            new Listener(_said)
        );
        return lab;
    }

    private static CheckpointFolder Folder(FakeLab lab) => new(Path.Combine(lab.Scratch, "checkpoints"));

    private static string OnlyFolder(FakeLab lab) => Folder(lab).Of(Folder(lab).List().Single().Name);

    private static IEnumerable<bool> Restored(FakeLab lab, string? id = null) =>
        EvidenceJson.Kept<CycleLog>(lab.Run.Case(id ?? FakeLab.Cold.Id).Cycle).Boots.Select(boot => boot.IsRestored);

    private sealed class Listener(List<string> said) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (said)
                said.Add(value);
        }
    }
}
