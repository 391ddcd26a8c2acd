using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Scenarios.Controls;

/// <summary>
/// That a catalogued bug excuses what it says and nothing else, by one real case and other words in its plan.
/// </summary>
[Category("Quick")]
[NonParallelizable]
public sealed class KnownBugTests
{
    private const string Case = "bugs/decompression-failed-after-upgrade/lz4-lab-6.1-debian-6.12";

    [Test]
    public async Task One_altered_entry_makes_a_known_case_fail()
    {
        var run = await Fixture.FolderAsync();
        var result = await Fixture.RunAsync(Fixture.Case(Case), run);
        if (result.Verdict == Verdict.Unsupported)
            Assert.Ignore(result.Reason);
        Assert.That((result.Verdict, result.Reason), Is.EqualTo((Verdict.Known, "zlib-only-since-6.6")));

        var folder = run.Case(result.Case);
        var plan = EvidenceJson.Read<Plan>(folder.Plan)!;
        var bug = plan.Known.Single();

        Assert.That(
            await JudgeAsync([]),
            Does.Contain("1 of 1 parts came back as .enc.z (lz4, which ").And.Contain("whole to the last line"),
            "not catalogued"
        );
        Assert.That(
            await JudgeAsync([
                bug with
                {
                    Instead = bug.Instead with { Console = ["crypto_comp_decompress failed, ret = -22!"] },
                },
            ]),
            Does.Contain("not as the bug 'zlib-only-since-6.6' does: boot 2 never said"),
            "another message"
        );
        Assert.That(
            await JudgeAsync([
                bug with
                {
                    Instead = bug.Instead with
                    {
                        Records = [bug.Instead.Records![0] with { Content = RecordContent.WholeTail }],
                    },
                },
            ]),
            Does.Contain("not as the bug 'zlib-only-since-6.6' does: dmesg-ramoops-0.enc.z of crash 1"),
            "a record that can be read"
        );

        async Task<string> JudgeAsync(IReadOnlyList<PlannedKnownBug> known)
        {
            var altered = plan with { Known = known };
            await EvidenceJson.WriteAsync(folder.Plan, altered, CancellationToken.None);
            await EvidenceSeal.WriteAsync(altered, folder, CancellationToken.None);
            var judgement = Judge.Of(folder);
            Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
            return judgement.Reason;
        }
    }
}
