using PstoreLab.Harness.Processes;

namespace PstoreLab.Scenarios.Controls;

/// <summary>That bisect and compare find what was planted: a scenario that holds up to 6.5 and not since.</summary>
[Category("Controls")]
[NonParallelizable]
public sealed class BisectTests
{
    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab");

    private static string Planted => Fixture.File("old-decompressor-complains");

    [Test]
    public async Task The_planted_culprit_is_found_and_not_looked_for_twice()
    {
        var folder = await Fixture.FolderAsync();
        var spec = new ProcessSpec(
            Program,
            "bisect",
            Planted,
            "--kernels",
            "debian-5.10..debian-7.2",
            "--out",
            folder.Root
        );

        var found = await new ProcessRunner().RunAsync(spec);

        Assert.That(found.Exit.Code, Is.EqualTo(0), found.StandardError);
        Assert.That(found.StandardOutput, Does.Contain("first bad debian-6.12").And.Contain("last good debian-6.1 "));
        var again = await new ProcessRunner().RunAsync(spec);
        Assert.That(
            again.StandardError,
            Does.Contain("which has verdicts of debian-5.10, debian-7.2, debian-6.12, debian-6.1")
        );
        Assert.That(again.StandardOutput, Is.EqualTo(found.StandardOutput));
    }

    [Test]
    public async Task Where_both_ends_fail_there_is_nothing_to_find()
    {
        var folder = await Fixture.FolderAsync();
        var search = await new ProcessRunner().RunAsync(
            new ProcessSpec(Program, "bisect", Planted, "--kernels", "debian-6.12..debian-7.2", "--out", folder.Root)
        );
        Assert.That(search.Exit.Code, Is.EqualTo(1), search.StandardError);
        Assert.That(search.StandardOutput, Does.Contain("nothing to find: both ends fail"));
    }

    [Test]
    public Task The_planted_difference_of_two_kernels_is_a_regression() =>
        Compare("debian-6.1", "debian-7.2", 1, "failing in B and not in A: 1");

    [Test]
    public Task And_the_other_way_round_it_is_mended() =>
        Compare("debian-7.2", "debian-6.1", 0, "no longer failing: 1");

    private static async Task Compare(string a, string b, int exitCode, string words)
    {
        var folder = await Fixture.FolderAsync();
        var comparison = await new ProcessRunner().RunAsync(
            new ProcessSpec(Program, "compare", a, b, Planted, "--out", folder.Root)
        );
        Assert.That(comparison.Exit.Code, Is.EqualTo(exitCode), comparison.StandardError);
        Assert.That(comparison.StandardOutput, Does.Contain(words));
    }
}
