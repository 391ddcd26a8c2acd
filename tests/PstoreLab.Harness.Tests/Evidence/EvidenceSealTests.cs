using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Oracle;

namespace PstoreLab.Harness.Tests.Evidence;

public class EvidenceSealTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public async Task SealARealCase()
    {
        _case = new CaseEvidence();
        _case.Cycle = _case.Cycle! with { IsSealed = true };
        await _case.JudgeAsync();
        await SealAsync();
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    private CaseFolder Folder => _case.Folder;

    private string Console => Folder.Boot(new BootNumber(1)).Console;

    [Test]
    public async Task Evidence_as_it_was_left_is_judged()
    {
        Assert.That(Judge.Of(Folder).Verdict, Is.EqualTo(Verdict.Passed));
        await File.WriteAllTextAsync(Path.Combine(Folder.Root, "notes.txt"), "what else lies there is nobody's matter");
        await File.WriteAllTextAsync(Folder.Boot(new BootNumber(1)).Agent, "frames");
        Assert.That(Judge.Of(Folder).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task It_is_not_written_through_a_link()
    {
        string elsewhere = Path.Combine(Folder.Root, "elsewhere.txt");
        await File.WriteAllTextAsync(elsewhere, "somebody's");
        File.Delete(Folder.Seal);
        File.CreateSymbolicLink(Folder.Seal, elsewhere);
        await SealAsync();
        Assert.That(await File.ReadAllTextAsync(elsewhere), Is.EqualTo("somebody's"));
        Assert.That(Judge.Of(Folder).Verdict, Is.EqualTo(Verdict.Passed));
    }

    /// <summary>Without its last lines the console wants nothing that the record lacks.</summary>
    [Test]
    public async Task A_console_that_was_cut_makes_no_record_whole()
    {
        _case.Damage(CaseEvidence.Newest, text => text[..^200]);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Infra), "it is not what was sealed");
        await SealAsync();
        Assert.That(Judge.Of(Folder).Verdict, Is.EqualTo(Verdict.Failed));
        string record = _case.Records[CaseEvidence.Newest];
        string last = record[(record.LastIndexOf("] ", StringComparison.Ordinal) + 2)..].TrimEnd();
        string console = await File.ReadAllTextAsync(Console);
        await File.WriteAllTextAsync(Console, console[..(console.LastIndexOf(last) + last.Length)] + "\r\n");
        Assert.That(Judge.Of(Folder).Reason, Is.EqualTo($"the evidence {Console} was changed after the attempt"));
    }

    [Test]
    public void What_was_added_is_named()
    {
        string added = Path.Combine(Folder.Records(new InspectionNumber(1)), "dmesg-erst-1");
        File.WriteAllText(added, "");
        Assert.That(Judge.Of(Folder).Reason, Is.EqualTo($"the evidence {added} was added after the attempt"));
    }

    [Test]
    public void What_is_lost_is_named()
    {
        string lost = Path.Combine(Folder.Records(new InspectionNumber(1)), CaseEvidence.Newest);
        File.Delete(lost);
        Assert.That(Judge.Of(Folder).Reason, Is.EqualTo($"the evidence {lost} is missing"));
    }

    [Test]
    public void A_seal_that_is_gone_is_missed()
    {
        File.Delete(Folder.Seal);
        Assert.That(Judge.Of(Folder).Reason, Is.EqualTo($"the evidence {Folder.Seal} is missing"));
    }

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("no digest\n")]
    public void A_seal_that_is_none_is_noticed(string text)
    {
        File.WriteAllText(Folder.Seal, text);
        Assert.That(Judge.Of(Folder).Verdict, Is.EqualTo(Verdict.Infra));
    }

    [Test]
    public void A_log_that_says_it_was_never_sealed_is_not_believed()
    {
        string text = File.ReadAllText(Folder.Cycle);
        File.WriteAllText(Folder.Cycle, text.Replace("\"isSealed\": true", "\"isSealed\": false"));
        Assert.That(Judge.Of(Folder).Reason, Is.EqualTo($"the evidence {Folder.Cycle} was changed after the attempt"));
    }

    [Test]
    public async Task The_names_of_a_guest_are_quoted_as_sha256sum_reads_them()
    {
        foreach (string name in (string[])["a\nb", @"a\b", @"a\nb"])
            await File.WriteAllTextAsync(Path.Combine(Folder.Records(new InspectionNumber(1)), name), name);
        await SealAsync();
        Assert.That(Judge.Of(Folder).Reason, Does.Contain("a file that is no record"), "it is judged");
        var check = await new ProcessRunner().RunAsync(
            new ProcessSpec("sha256sum", "--check", "--strict", "--quiet", Folder.Seal)
            {
                WorkingDirectory = Folder.Root,
            }
        );
        Assert.That((check.Exit.Code, check.StandardOutput, check.StandardError), Is.EqualTo((0, "", "")));
    }

    private Task SealAsync() => EvidenceSeal.WriteAsync(PlanFile.Read(Folder.Plan), Folder, CancellationToken.None);
}
