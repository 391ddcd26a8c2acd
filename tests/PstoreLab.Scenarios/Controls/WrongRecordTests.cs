using PstoreLab.Harness.Evidence;

namespace PstoreLab.Scenarios.Controls;

/// <summary>Scenarios over real guests that a working harness must fail: what is wrong was done on purpose.</summary>
[Category("Controls")]
[NonParallelizable]
public sealed class WrongRecordTests
{
    [Test]
    [Category("Quick")]
    public Task A_dump_without_its_older_part() =>
        FailsAsync("erst-older-part-removed", "short of kmsg_bytes (10240), and were ");

    [Test]
    public Task A_dump_without_the_variable_with_its_oldest_lines() =>
        FailsAsync("efi-oldest-part-removed", "short of kmsg_bytes (2000), and were ");

    [Test]
    [Category("Quick")]
    public Task A_known_bug_beside_a_broken_expectation() =>
        FailsAsync("known-bug-beside-a-broken-expectation", "boot 1 never said ");

    private static async Task FailsAsync(string scenario, string reason)
    {
        var result = await Fixture.RunAsync(Fixture.Case(Fixture.File(scenario)), await Fixture.FolderAsync());
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed), result.Reason);
        Assert.That(result.Reason, Does.Contain(reason));
    }
}
