using System.Text;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// The dump that a capture kernel (crash kernel) found, or its absence, compared with the expectation.
/// </summary>
public class VmcoreJudgementTests
{
    private const string Release = "6.1.0-50-amd64";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task A_dump_of_the_kernel_that_died_with_all_markers_in_its_log_is_what_was_wanted()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings.Select(finding => (finding.Layer, finding.Text)),
            Does.Contain(
                (
                    "vmcore",
                    $"the capture kernel found crash 1: 456204288 bytes of memory of {Release}, all its 8 "
                        + "marker lines in the kernel log"
                )
            )
        );
    }

    [Test]
    public async Task A_dump_with_the_markers_of_another_crash_is_not()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep(nonce: "0123456789abcdef");
        Assert.That(
            await _case.FaultAsync(),
            Does.EndWith(
                $"its kernel log lacks 8 of 8 marker lines with the nonce {CaseEvidence.Nonce}, the first of them 1"
            )
        );
    }

    [Test]
    public async Task A_dump_whose_log_breaks_off_is_not()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep(markers: 5);
        Assert.That(
            await _case.FaultAsync(),
            Does.EndWith(
                $"its kernel log lacks 3 of 8 marker lines with the nonce {CaseEvidence.Nonce}, the first of them 6"
            )
        );
    }

    [TestCase("6.1.0-51-amd64", "it is not of 6.1.0-50-amd64, which died")]
    [TestCase(null, "it is not of 6.1.0-50-amd64, which died")]
    public async Task A_dump_of_another_kernel_is_not(string? release, string fault)
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep(release: release);
        Assert.That(await _case.FaultAsync(), Does.EndWith(fault));
    }

    [Test]
    public async Task A_file_that_is_no_core_is_not()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep(type: 2);
        Assert.That(await _case.FaultAsync(), Does.EndWith("it is no ELF core file"));
    }

    [Test]
    public async Task No_dump_where_one_was_wanted_says_that_the_crash_kernel_came_up()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        CaptureKernelSays();
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                "no capture kernel reported a dump of crash 1: the capture kernel booted, and did not look at it"
            )
        );
    }

    /// <summary>A cycle in which it does not boot never comes to an inspection.</summary>
    [Test]
    public async Task The_console_of_a_crash_kernel_that_was_not_kept_is_infra()
    {
        Expect(VmcoreOutcome.None, loaded: true);
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {_case.Folder.Boot(new BootNumber(1)).CrashConsole} is missing"))
        );
    }

    [TestCase("size", "")]
    [TestCase("size", "99999999999999999999\n")]
    [TestCase("size", "-1\n")]
    [TestCase("log", null)]
    [TestCase("head", null)]
    public async Task A_dump_that_was_not_kept_whole_is_infra(string file, string? content)
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep();
        string path = Path.Combine(_case.Folder.Boot(new BootNumber(1)).Vmcore, file);
        File.Delete(path);
        if (content is not null)
            await File.WriteAllTextAsync(path, content);
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(judgement.Reason, Does.StartWith($"the evidence {path} "));
    }

    [TestCase(
        false,
        false,
        ExpectedResult = "passed: no dump of crash 1: no capture kernel was loaded, and none booted"
    )]
    [TestCase(
        true,
        true,
        ExpectedResult = "passed: no dump of crash 1: the capture kernel booted, and did not look at it"
    )]
    [TestCase(
        false,
        true,
        ExpectedResult = "failed: no dump of crash 1: a capture kernel booted that was never loaded"
    )]
    public async Task<string> No_dump_is_a_result_that_something_proves(bool loaded, bool cameUp)
    {
        Expect(VmcoreOutcome.None, loaded);
        if (cameUp)
            CaptureKernelSays();
        var judgement = await _case.JudgeAsync();
        return $"{judgement.Verdict.ToString().ToLowerInvariant()}: "
            + $"{judgement.Findings.Single(finding => finding.Layer == "vmcore").Text}";
    }

    [Test]
    public async Task A_dump_where_none_was_wanted_is_told()
    {
        Expect(VmcoreOutcome.None, loaded: true);
        Keep();
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"a capture kernel found a dump of crash 1 that nobody expected: 456204288 bytes of memory of {Release}"
            )
        );
    }

    [Test]
    public async Task What_a_crash_kernel_says_is_no_word_of_the_one_that_died()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep();
        CaptureKernelSays();
        Assert.That(
            (await _case.JudgeAsync()).Verdict,
            Is.EqualTo(Verdict.Passed),
            "the record ends with the dying kernel's last line"
        );

        _case.Console += "[    9.999999] and one line more\r\n";
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed), "in the other file it would count");
    }

    [Test]
    public async Task All_that_is_wrong_with_a_dump_is_said()
    {
        Expect(VmcoreOutcome.Dumped, loaded: true);
        Keep(release: null, type: 2);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                "the capture kernel's dump after crash 1, 456204288 bytes of memory of an unknown kernel: it is no ELF "
                    + $"core file; it is not of {Release}, which died"
            )
        );
    }

    private void Expect(VmcoreOutcome vmcore, bool loaded)
    {
        _case.Expected = _case.Expected with { Vmcore = new ExpectedVmcore(vmcore, CaseEvidence.First) };
        _case.BootsCaptureKernel = loaded;
    }

    private void CaptureKernelSays()
    {
        var boot = _case.Folder.Boot(new BootNumber(1));
        Directory.CreateDirectory(boot.Root);
        File.WriteAllText(boot.CrashConsole, "[    0.000000] Linux version 6.1.0-50-amd64\r\n[    1.000000] mine\r\n");
    }

    private void Keep(string nonce = CaseEvidence.Nonce, int markers = 8, string? release = Release, byte type = 4)
    {
        CaptureKernelSays();
        string folder = Directory.CreateDirectory(_case.Folder.Boot(new BootNumber(1)).Vmcore).FullName;
        byte[] head = new byte[16384];
        byte[] start = [0x7f, .. "ELF"u8, 2, 1, 1];
        start.CopyTo(head, 0);
        head[16] = type;
        Encoding
            .ASCII.GetBytes($"VMCOREINFO\0\0{(release is null ? "" : $"OSRELEASE={release}\n")}PAGESIZE=4096\n")
            .CopyTo(head, 4096);
        File.WriteAllText(Path.Combine(folder, "size"), "456204288\n");
        File.WriteAllBytes(Path.Combine(folder, "head"), head);
        File.WriteAllText(
            Path.Combine(folder, "log"),
            "\0\0"
                + string.Concat(
                    Enumerable.Range(1, markers).Select(index => $"\u0002\0pstorelab: mark {nonce} {index}/8\0\0")
                )
        );
    }
}
