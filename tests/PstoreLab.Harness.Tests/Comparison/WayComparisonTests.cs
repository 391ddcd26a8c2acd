using System.Text;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Comparison;

/// <summary>What two runs of one case by one kernel may differ in, on copies of the evidence of a real panic.</summary>
public class WayComparisonTests
{
    private static readonly Finding Held = new(true, "pstorefs", "42 lines", "cycle.yaml:3:1");

    private SideBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new SideBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void Times_and_addresses_are_no_difference() =>
        Assert.That(
            Between(files =>
                files[SideBench.Newest] = With(
                    files[SideBench.Newest],
                    text => text.Replace("[    3.", "[    4.").Replace("0x", "0x1")
                )
            ),
            Is.Empty
        );

    [Test]
    public void A_line_of_the_record_that_is_another_is_a_difference() =>
        Assert.That(
            Between(files =>
                files[SideBench.Newest] = With(
                    files[SideBench.Newest],
                    text => text.Replace("Call Trace", "Trail Race")
                )
            ),
            Is.EqualTo(
                (string[])
                    [
                        "the dmesg record of crash 1: only A has 'Call Trace:'",
                        "the dmesg record of crash 1: only B has 'Trail Race:'",
                    ]
            )
        );

    [TestCase("tsc: Fast TSC calibration failed")]
    [TestCase("APIC delta adjusted to PM-Timer: 6250023 (6250003)")]
    [TestCase("? 0x4a2/0x5b0")]
    [TestCase("pci 0000:00:01.0: quirk_natoma+0x0/0x30 took 11718 usecs")]
    public void What_a_busy_host_makes_of_clocks_is_none(string line) =>
        Assert.That(
            Between(files =>
                files[SideBench.Newest] = With(
                    files[SideBench.Newest],
                    text =>
                        text.Replace(
                            "<4>[    3.591705] Call Trace",
                            $"<4>[    3.500000] {line}\n<4>[    3.591705] Call Trace"
                        )
                )
            ),
            Is.Empty
        );

    [Test]
    public void A_part_that_is_missing_is_a_difference() =>
        Assert.That(Between(files => files.Remove(SideBench.Older)), Has.Some.Contains("parts 2 → 1"));

    [Test]
    public void Another_verdict_is_all_that_is_said() =>
        Assert.That(
            Between(null, result => result with { Verdict = Verdict.Failed, Reason = "it is cut" }),
            Is.EqualTo(["passed → failed (it is cut)"])
        );

    [TestCase(true, "pstorefs", 0)]
    [TestCase(false, "pstorefs", 2)]
    [TestCase(true, "console", 2)]
    public void A_finding_is_the_same_where_it_holds_of_the_same(bool held, string layer, int differences) =>
        Assert.That(
            Between(null, result => result with { Findings = [new Finding(held, layer, "43 lines", Held.Source)] }),
            Has.Count.EqualTo(differences)
        );

    private IReadOnlyList<string> Between(
        Action<Dictionary<string, byte[]>>? change,
        Func<CaseResult, CaseResult>? result = null
    )
    {
        var a = _bench.Add("a", "whole", Verdict.Passed) with { Findings = [Held] };
        var b = _bench.Add("b", "whole", Verdict.Passed) with { Findings = [Held] };
        _bench.Evidence("a", a);
        _bench.Evidence("b", b, change);
        return WayComparison.Between(
            a,
            _bench.Run("a").FolderOf(a)!,
            result is null ? b : result(b),
            _bench.Run("b").FolderOf(b)!
        );
    }

    private static byte[] With(byte[] record, Func<string, string> change) =>
        Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(record)));
}
