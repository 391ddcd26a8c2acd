using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>
/// Crashes that are bound to a processor or fatal, steps that are repeated, and records of several crashes.
/// </summary>
public class CrashStepTests
{
    private const string Start = "scenario: s\nsummary: x.\nbackend: erst\nsteps:\n";
    private const string Console = "expect: { console: x }\n";

    [TestCase("oops", true)]
    [TestCase("{ way: oops, fatal: no }", true)]
    [TestCase("{ way: oops, fatal: yes }", false)]
    [TestCase("sysrq-c", false)]
    public void A_crash_is_survived_where_kernels_go_on_and_nobody_says_otherwise(string crash, bool survived) =>
        Assert.That(
            Crashes($"- boot: debian-6.1\n- crash: {crash}\n- restart: cold\n")[0].Survived,
            Is.EqualTo(survived)
        );

    [Test]
    public void A_crash_may_be_bound_to_a_processor() =>
        Assert.That(
            Crashes(
                    "- boot: debian-6.1\n  cpus: 2\n- crash: { way: oops, cpu: all }\n- crash: { way: "
                        + "sysrq-c, cpu: 1 }\n- restart: cold\n"
                )
                .Select(crash => crash.Processor),
            Is.EqualTo(["all", "1"])
        );

    [Test]
    public void Repeated_steps_are_written_out()
    {
        var steps = Load(
            $"- boot: debian-6.1\n- repeat:\n    times: 3\n    steps:\n    - crash: oops\n    - repeat: {{ "
                + $"times: 2, steps: {{ erase: all }} }}\n- crash: sysrq-c\n- restart: cold\n{Console}"
        ).Steps;
        Assert.That(string.Concat(steps.Select(step => step.GetType().Name[0])), Is.EqualTo("BCEECEECEECRE"));
    }

    [TestCase("3", new[] { 3 })]
    [TestCase("2..4", new[] { 2, 3, 4 })]
    [TestCase("1..1", new[] { 1 })]
    public void A_record_may_be_expected_of_several_crashes(string crashes, int[] each)
    {
        var expect = (ExpectStep)
            Load(
                $"- boot: debian-6.1\n- repeat: {{ times: 4, steps: {{ crash: oops }} }}\nexpect: {{ "
                    + $"records: {{ type: dmesg, crash: {crashes} }} }}\n"
            ).Steps[^1];
        Assert.That(expect.Expectation.Records!.Select(record => record.Crash.Value), Is.EqualTo(each));
    }

    [Test]
    public void A_power_cut_may_be_drawn()
    {
        var cut = (PowerCutStep)
            Load($"- boot: debian-6.1\n- power-cut: {{ during: oops, seed: 7 }}\n- restart: cold\n{Console}").Steps[1];
        Assert.That((cut.During, cut.Seed, cut.After), Is.EqualTo(("oops", 7, (string?)null)));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case(
            "fatal where nobody survives",
            "- boot: debian-6.1\n- crash: { way: sysrq-c, fatal: yes }\n",
            "6:33: found 'fatal: yes' for sysrq-c, expected it only for what a kernel may survive: oops"
        );
        yield return Case(
            "not fatal where nobody survives",
            "- boot: debian-6.1\n- crash: { way: sysrq-c, fatal: no }\n",
            "6:33: found 'fatal: no' for sysrq-c, which no kernel survives"
        );
        yield return Case(
            "a processor that is none",
            "- boot: debian-6.1\n- crash: { way: oops, cpu: x }\n",
            "6:28: found the processor 'x', expected its number, from 0, or all"
        );
        yield return Case(
            "a processor that is not there",
            "- boot: debian-6.1\n- crash: { way: oops, cpu: 1 }\n",
            "6:3: found a crash on cpu 1 of a machine with 1, expected cpus: 2 at the boot before"
        );
        yield return Case(
            "cpus at a warm restart",
            "- boot: debian-6.1\n- crash: sysrq-c\n- restart: warm\n  cpus: 2\n",
            "7:3: found cpus at a warm restart, expected restart: cold; a warm one keeps the machine"
        );
        yield return Case(
            "too much",
            "- boot: debian-6.1\n- repeat: { times: 100, steps: { repeat: { times: 11, steps: { erase: all } } } }\n",
            "6:11: found 11 steps 100 times, expected at most 1000 in all"
        );
        yield return Case(
            "a range upside down",
            $"- boot: debian-6.1\n- expect: {{ records: {{ type: dmesg, crash: 3..2 }} }}\n",
            "6:44: found the crash 3..2, expected the lower number first"
        );
        yield return Case(
            "crashes that were not",
            $"- boot: debian-6.1\n- crash: oops\n- expect: {{ records: {{ type: dmesg, crash: 1..2 }} }}\n",
            "7:22: found a record of crash 2, expected one of the 1 before this step"
        );
        yield return Case(
            "a seed for nothing",
            "- boot: debian-6.1\n- power-cut: { seed: 1 }\n",
            "6:14: found a seed for the point of the power cut, expected it with 'during' and without 'after'"
        );
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_cannot_be_is_refused(string steps, string message)
    {
        using var bench = new ScenarioBench();
        Assert.That(
            bench.FailureOf(bench.Write("family/s.yaml", $"{Start}{steps}{Console}")),
            Is.EqualTo($"family/s.yaml:{message}")
        );
    }

    private static TestCaseData Case(string name, string steps, string message) =>
        new TestCaseData(steps, message).SetArgDisplayNames(name);

    private static IReadOnlyList<CrashStep> Crashes(string steps) =>
        [.. Load(steps + Console).Steps.OfType<CrashStep>()];

    private static Case Load(string steps)
    {
        using var bench = new ScenarioBench();
        return bench.Load(bench.Write("family/s.yaml", $"{Start}{steps}")).Single();
    }
}
