namespace PstoreLab.Cli.Tests;

/// <summary>What <c>archive-check</c> refuses; what it finds, the tests with real disks show.</summary>
public class ArchiveCheckTests
{
    private static string Here => TestContext.CurrentContext.TestDirectory;

    [Test]
    public async Task A_release_that_is_not_there_is_refused_with_those_that_are() =>
        Assert.That(
            await CommandRun.ComplaintAsync(Here, "archive-check", "bookworm", "wheezy"),
            Is.EqualTo(
                "pstorelab: unknown systemd guest 'wheezy', expected one of bullseye, bookworm, "
                    + "bookworm-backports, trixie, forky\n"
            )
        );

    [TestCase("--sets", "0")]
    [TestCase("--set", "-1")]
    public async Task A_number_that_makes_no_sense_is_refused(string option, string number) =>
        Assert.That(
            await CommandRun.ComplaintAsync(Here, "archive-check", "bookworm", option, number),
            Is.EqualTo("pstorelab: --sets and --set: expected a number, 1 or more sets, and a set from 0\n")
        );
}
