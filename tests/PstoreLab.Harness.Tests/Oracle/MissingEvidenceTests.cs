using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// Evidence that is missing or damaged is ours, whatever is expected: never the kernel's fault, and never a proof.
/// </summary>
public class MissingEvidenceTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    public static IEnumerable<string> Required =>
        ["boot-1/console.log", "boot-2/console.log", "boot-1/store", "store.before", "records-1"];

    [TestCaseSource(nameof(Required))]
    public async Task What_is_missing_is_named_and_nobodys_fault_but_ours(string name)
    {
        await _case.JudgeAsync();
        string path = Path.Combine(_case.Folder.Root, name);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
        AssertOurs($"the evidence {path} is missing");
    }

    [TestCase("boot-1/console.log", "is empty")]
    [TestCase("boot-2/console.log", "is empty")]
    [TestCase("boot-1/store", "has 0 bytes, and the store has 262144")]
    [TestCase("store.before", "has 0 bytes, and the store has 262144")]
    public async Task What_is_empty_and_cannot_be_is_ours(string name, string fault)
    {
        await _case.JudgeAsync();
        string path = Path.Combine(_case.Folder.Root, name);
        await File.WriteAllBytesAsync(path, []);
        AssertOurs($"the evidence {path} {fault}");
    }

    [Test]
    public async Task A_store_that_was_cut_is_ours_however_much_of_it_is_there()
    {
        await _case.JudgeAsync();
        string path = _case.Folder.Boot(new BootNumber(1)).Store;
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^1]);
        AssertOurs($"the evidence {path} has 262143 bytes, and the store has 262144");
    }

    /// <summary>B8: a text that must not be on a console is on none that is not there.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_console_that_is_not_there_proves_nothing(bool empty)
    {
        _case.Expected = _case.Expected with { Records = null, ConsoleWithout = ["Linux version"] };
        await _case.JudgeAsync();
        string console = _case.Folder.Boot(new BootNumber(2)).Console;
        if (empty)
            await File.WriteAllBytesAsync(console, []);
        else
            File.Delete(console);
        AssertOurs($"the evidence {console} {(empty ? "is empty" : "is missing")}");
    }

    [TestCase("", "is empty")]
    [TestCase("0", "does not begin with a line that has an exit code")]
    [TestCase("what\nis this", "does not begin with a line that has an exit code")]
    [TestCase("99999999999\n", "does not begin with a line that has an exit code")]
    [TestCase(null, "is missing")]
    public async Task A_command_of_which_no_end_was_kept_is_ours(string? kept, string fault)
    {
        _case.Meanwhile = [new RunInGuest(1, "true", 0, "cycle.yaml:3:4")];
        if (kept is not null)
            await File.WriteAllTextAsync(_case.Folder.Run(1), kept);
        await _case.JudgeAsync();
        AssertOurs($"the evidence {_case.Folder.Run(1)} {fault}");
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"ending\": \"completed\"}")]
    [TestCase("{\"ending\": \"splendid\", \"reason\": null, \"boots\": [], \"transitions\": []}")]
    [TestCase("{\"ending\": \"completed\", \"reason\": null, \"boots\": [null], \"transitions\": []}")]
    [TestCase("{\"ending\": \"completed\", \"reason\": null, \"boots\": [], \"transitions\": []}")]
    [TestCase("{\"ending\": \"completed\", \"reason\": null, \"boots\": [], \"transitions\": [], \"backendAt\": {}}")]
    [TestCase("{\"ending\": \"product\", \"reason\": \"x\", \"boots\": [], \"transitions\": []}")]
    public async Task A_log_that_does_not_say_what_happened_is_ours(string text)
    {
        await _case.JudgeAsync();
        await File.WriteAllTextAsync(_case.Folder.Cycle, text);
        AssertOurs($"the evidence {_case.Folder.Cycle} ");
    }

    [Test]
    public async Task A_damage_is_not_left_out_because_its_store_is_gone()
    {
        await _case.DamageStoreAsync();
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        string damaged = _case.Folder.Boot(new BootNumber(1)).DamagedStore;
        File.Delete(damaged);
        AssertOurs($"the evidence {damaged} is missing");
    }

    [Test]
    public async Task Nothing_is_written_into_what_is_judged()
    {
        await _case.JudgeAsync();
        Directory.Delete(_case.Folder.Boot(new BootNumber(2)).Root, recursive: true);
        string[] before = Entries();
        Assert.That(Judge.Again(_case.Folder).Judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(Entries(), Is.EqualTo(before));
    }

    private string[] Entries() =>
        Directory.GetFileSystemEntries(_case.Folder.Root, "*", SearchOption.AllDirectories).Order().ToArray();

    private void AssertOurs(string reason)
    {
        var judgement = Judge.Of(_case.Folder);
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra), judgement.Reason);
        Assert.That(judgement.Reason, Does.StartWith(reason));
        Assert.That(Judge.Again(_case.Folder).Judgement.Verdict, Is.EqualTo(Verdict.Infra));
    }
}
