using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Tests.Processes;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>Whether this host has a KVM or not, the fake boots nothing with it: the clock gives it no time.</summary>
[CancelAfter(60_000)]
public class AcceleratorProofTests
{
    [Test]
    public async Task A_kvm_that_boots_no_guest_is_not_used()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(FakeFault.PrintsNothing));
        var answer = await Find(lab);
        Assert.That(answer.Name, Is.EqualTo("tcg"));
        Assert.That(answer.Why, Does.Contain("/dev/kvm"));
        Assert.That(answer.Scale, Is.InRange(1, 20));
        Assert.That(Leftovers(lab), Is.EquivalentTo(["accelerator-pc.json", "accelerator-pc.json.lock"]));
    }

    [Test]
    public async Task The_answer_is_remembered_and_a_damaged_one_is_not_believed()
    {
        using var lab = new FakeLab(
            new FakeBoot(),
            new FakeBoot(FakeFault.PrintsNothing),
            new FakeBoot(),
            new FakeBoot(FakeFault.PrintsNothing)
        );
        Assert.That(Proof(lab).Remembered(), Is.Null);
        var answer = await Find(lab);
        var boots = lab.Boots;
        Assert.That(await Find(lab), Is.EqualTo(answer));
        Assert.That(lab.Boots, Is.EqualTo(boots), "nothing was booted for it");
        await EvidenceJson.WriteAsync(
            Path.Combine(lab.Scratch, "cache", "accelerator-pc.json"),
            answer with
            {
                Machine = "another",
            },
            CancellationToken.None
        );
        Assert.That(Proof(lab).Remembered(), Is.Null);
        await File.WriteAllTextAsync(Path.Combine(lab.Scratch, "cache", "accelerator-pc.json"), "{}");
        Assert.That(Proof(lab).Remembered(), Is.Null);
    }

    [TestCase(FakeFault.EndsAtOnce, "QEMU ended at once with exit code 1: qemu-system-x86_64: -device acpi-erst")]
    [TestCase(FakeFault.EndsAfterDialling, "could not load kernel")]
    public async Task A_qemu_that_boots_nothing_at_all_is_infra(FakeFault fault, string words)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        var thrown = await Assert.ThrowsAsync<InfraException>(() => Find(lab));
        Assert.That(
            thrown!.Message,
            Does.StartWith("QEMU boots no guest, not even without acceleration: ").And.Contain(words)
        );
        Assert.That(Leftovers(lab), Is.EquivalentTo(["accelerator-pc.json.lock"]));
    }

    [TestCase(FakeFault.HangsInBoot, "it hung on its way")]
    [TestCase(FakeFault.PrintsNothing, "it printed nothing")]
    public async Task A_guest_that_hangs_is_told_from_one_that_says_nothing(FakeFault fault, string words)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        var finding = Find(lab);
        var console = Path.Combine(
            lab.Scratch,
            "cache",
            $"proof-pc-tcg-{Environment.ProcessId}",
            "boot-1",
            "console.log"
        );
        await Eventually.Holds(
            "the guest's start",
            () =>
                lab.Time.SomebodyWaits
                && File.Exists(console)
                && (fault == FakeFault.PrintsNothing || new FileInfo(console).Length > 200)
        );
        lab.Time.RunOut();
        Assert.That((await Assert.ThrowsAsync<InfraException>(() => finding))!.Message, Does.EndWith(words));
    }

    private static AcceleratorProof Proof(FakeLab lab) =>
        new(lab.Runner, MachineCatalogue.Default, FakeLab.Qemu, Path.Combine(lab.Scratch, "cache"), lab.Time);

    private static Task<Accelerator> Find(FakeLab lab) =>
        Proof(lab).FindAsync(lab.Image, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(50));

    private static IEnumerable<string?> Leftovers(FakeLab lab) =>
        Directory.EnumerateFileSystemEntries(Path.Combine(lab.Scratch, "cache")).Select(Path.GetFileName);
}
