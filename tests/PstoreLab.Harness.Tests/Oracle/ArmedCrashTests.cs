using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Which kernel died of a crash, where its console is, and what the last line of its record is.</summary>
public class ArmedCrashTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase(null, "Oops", ExpectedResult = ArmedCrash.EndOfOops)]
    [TestCase(null, "Panic", ExpectedResult = null)]
    [TestCase(ArmedCrash.EndOfOops, "Oops", ExpectedResult = ArmedCrash.EndOfOops)]
    [TestCase(ArmedCrash.EndOfOops, "Panic", ExpectedResult = null)]
    [TestCase("reboot: ", "Oops", ExpectedResult = ArmedCrash.EndOfOops)]
    [TestCase("reboot: ", "Restart", ExpectedResult = "reboot: ")]
    [TestCase("reboot: ", null, ExpectedResult = "reboot: ")]
    public string? The_last_line_of_a_record_is_that_of_its_reason(string? lastLine, string? reason) =>
        new ArmedCrash(CaseEvidence.Nonce, 8, new BootNumber(1), lastLine).LastLineFor(reason);

    [Test]
    public async Task A_crash_is_the_capture_kernels_from_the_one_that_boots_it_to_the_dump()
    {
        var evidence = await CaptureAsync();
        Assert.That(
            evidence.Crashes.OrderBy(crash => crash.Key.Value).Select(crash => crash.Value.OfCaptureKernel),
            Is.EqualTo([false, true, true, false])
        );
        Assert.That(
            evidence.Crashes.OrderBy(crash => crash.Key.Value).Select(crash => crash.Value.BootsCaptureKernel),
            Is.EqualTo([true, false, false, false])
        );
    }

    [Test]
    public async Task The_console_of_a_capture_kernel_that_died_is_its_own()
    {
        var evidence = await CaptureAsync();
        var boot = _case.Folder.Boot(new BootNumber(1));
        Assert.That(evidence.ConsoleOfCaptureKernel(new BootNumber(1)), Is.Null);
        await File.WriteAllTextAsync(boot.CrashConsole, "the capture kernel's\n");
        Assert.That(
            evidence.ConsoleOf(evidence.Crashes[new CrashNumber(2)]).Text,
            Is.EqualTo("the capture kernel's\n")
        );
        Assert.That(evidence.ConsoleOf(evidence.Crashes[new CrashNumber(1)]).Text, Is.EqualTo(_case.Console));
        Assert.That(evidence.ConsoleOfCaptureKernel(new BootNumber(1))?.Text, Is.EqualTo("the capture kernel's\n"));
        Assert.That(evidence.ConsoleOfCaptureKernel(new BootNumber(2)), Is.Null);
    }

    [Test]
    public async Task The_release_is_that_of_the_boot()
    {
        _case.Cycle = _case.Cycle! with
        {
            Boots = [_case.Cycle.Boots[0], _case.Cycle.Boots[1] with { Release = "7.2.0" }],
        };
        var evidence = await CaptureAsync();
        Assert.That(
            ((int[])[1, 2, 3]).Select(boot => evidence.ReleaseOf(new BootNumber(boot))),
            Is.EqualTo(new[] { "6.1.0-50-amd64", "7.2.0", null })
        );
    }

    private async Task<AttemptEvidence> CaptureAsync()
    {
        await _case.JudgeAsync();
        var plan = PlanFile.Read(_case.Folder.Plan);
        var crash = plan.Boots[0].Steps.OfType<Crash>().Single();
        var boot = plan.Boots[0] with
        {
            Steps =
            [
                .. plan.Boots[0].Steps.Where(step => step is not Crash),
                crash with
                {
                    BootsCaptureKernel = true,
                },
                new Mark(new CrashNumber(2), "0123456789abcdef", 8),
                new Mark(new CrashNumber(3), "0123456789abcdee", 8),
                new KeepVmcore(),
                new Mark(new CrashNumber(4), "0123456789abcded", 8),
            ],
        };
        return new AttemptEvidence(plan with { Boots = [boot, plan.Boots[1]] }, _case.Cycle!, _case.Folder);
    }
}
