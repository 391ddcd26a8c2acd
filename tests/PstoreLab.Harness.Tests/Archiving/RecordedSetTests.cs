using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Tests.Oracle;

namespace PstoreLab.Harness.Tests.Archiving;

/// <summary>What a case left as a record set.</summary>
public sealed class RecordedSetTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCaseAndArchiveIt()
    {
        var systemd = new MadeSystemd();
        _case = new CaseEvidence { Systemd = systemd };
        foreach (var (name, content) in _case.Records)
            systemd.Put($"771/{name}", content);
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task It_has_what_the_kernel_showed_and_the_archive()
    {
        await RunAsync("[PStore]\nUnlink=no\n");
        var set = RecordedSet.Of(_case.Folder);
        Assert.That($"{set}", Is.EqualTo("set 0: cycle-record-whole-erst on erst, 2 records, Unlink=no"));
        Assert.That(
            set.Rounds[0].ToDictionary(record => $"{record.Name}", record => record.Content),
            Is.EquivalentTo(_case.Records)
        );
        Assert.That(
            set.Expected!.Select(file => file.Path),
            Is.EquivalentTo(new[] { $"771/{CaseEvidence.Newest}", $"771/{CaseEvidence.Older}" })
        );
        Assert.That(
            RecordedSet.FaultsOf(set),
            Is.EqualTo(new[] { "Panic#1 Part1: its 2 parts are in no dmesg.txt" }),
            "that nothing is put together is said"
        );
    }

    [Test]
    public async Task A_case_that_archived_nothing_is_refused()
    {
        _case.Systemd!.Archive.Clear();
        await RunAsync("");
        Assert.That(
            () => RecordedSet.Of(_case.Folder),
            Throws.TypeOf<UsageException>().With.Message.Contains("archived no file in this case")
        );
    }

    [TestCase("../../escaped")]
    [TestCase("771/../../escaped")]
    [TestCase("/escaped")]
    public async Task A_guest_that_names_a_file_elsewhere_is_found_out(string path)
    {
        _case.Systemd!.Put(path, "");
        await RunAsync("");
        Assert.That(
            () => RecordedSet.Of(_case.Folder),
            Throws.TypeOf<EvidenceException>().With.Message.Contains("has a file that is in no archive")
        );
    }

    [Test]
    public async Task A_case_without_systemd_is_refused()
    {
        await _case.JudgeAsync();
        Assert.That(
            () => RecordedSet.Of(_case.Folder),
            Throws.TypeOf<UsageException>().With.Message.Contains("looks at no systemd guest")
        );
    }

    private async Task RunAsync(string settings)
    {
        await _case.JudgeAsync();
        var guest = new PlannedSystemd(
            "bookworm",
            "252",
            "disk",
            "under",
            "raw",
            "seed",
            new Dictionary<string, string> { ["/etc/systemd/pstore.conf"] = settings }
        );
        var plan = PlanFile.Read(_case.Folder.Plan);
        plan = plan with
        {
            Boots =
            [
                plan.Boots[0],
                plan.Boots[1] with
                {
                    Steps = [new PowerOn("qemu", [], true, guest), .. plan.Boots[1].Steps.Skip(1)],
                },
            ],
        };
        await EvidenceJson.WriteAsync(_case.Folder.Plan, plan, CancellationToken.None);
    }
}
