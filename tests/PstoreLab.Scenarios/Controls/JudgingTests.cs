using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios.Controls;

/// <summary>The oracle a second time, from what a real case has left.</summary>
[Category("Quick")]
[NonParallelizable]
public sealed class JudgingTests
{
    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab");

    [Test]
    public async Task Judge_says_the_same_of_the_evidence_and_another_thing_of_altered_evidence()
    {
        var folder = await Fixture.FolderAsync();
        var result = await Fixture.RunAsync(Fixture.Case(Fixture.CrashCase), folder);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);

        var again = await JudgeAsync(folder);
        Assert.That(again.Exit.Code, Is.Zero, again.StandardError);
        Assert.That(
            again.StandardOutput,
            Does.Contain("\"verdict\":\"passed\"").And.Contain("/sys/fs/pstore is what the store holds: 1 file")
        );

        string record = Directory.GetFiles(folder.Case(result.Case).Records(new InspectionNumber(1))).Single();
        byte[] content = await File.ReadAllBytesAsync(record);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(record, content);
        again = await JudgeAsync(folder);
        Assert.That(again.Exit.Code, Is.EqualTo(3), again.StandardError);
        Assert.That(
            again.StandardOutput,
            Does.Contain("\"before\":\"passed\"").And.Contain($"the evidence {record} was changed after the attempt")
        );

        // As if the guest had shown it so.
        var @case = folder.Case(result.Case);
        await EvidenceSeal.WriteAsync(PlanFile.Read(@case.Plan), @case, CancellationToken.None);
        again = await JudgeAsync(folder);
        Assert.That(again.Exit.Code, Is.EqualTo(1), again.StandardError);
        Assert.That(again.StandardOutput, Does.Contain("lost by the reader: the store holds all of it"));
    }

    // Without a PATH there is no QEMU, and nothing else that could be started.
    private static Task<CapturedOutput> JudgeAsync(RunFolder folder) =>
        new ProcessRunner().RunAsync(
            new ProcessSpec(Program, "judge", folder.Root, "--json")
            {
                Environment = new Dictionary<string, string?> { ["PATH"] = "" },
            }
        );
}
