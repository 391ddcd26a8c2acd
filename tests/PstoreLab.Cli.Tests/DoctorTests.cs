namespace PstoreLab.Cli.Tests;

/// <summary>
/// What <c>doctor --kernel</c> refuses; what it finds in a real kernel, the tests with guests' kernels show.
/// </summary>
public class DoctorTests
{
    [Test]
    public async Task A_kernel_that_is_not_there_is_refused() =>
        Assert.That(
            await CommandRun.ComplaintAsync(
                TestContext.CurrentContext.TestDirectory,
                "doctor",
                "--kernel",
                "no/such/bzImage"
            ),
            Does.StartWith(
                "pstorelab: --kernel no/such/bzImage: there is nothing at 'no/such/bzImage', expected a bzImage"
            )
        );

    [Test]
    public async Task A_file_that_is_no_kernel_is_refused() =>
        Assert.That(
            await CommandRun.ComplaintAsync(
                TestContext.CurrentContext.TestDirectory,
                "doctor",
                "--kernel",
                "PstoreLab.Cli.Tests.dll"
            ),
            Does.StartWith("pstorelab: --kernel ").And.Contain("expected a bzImage")
        );
}
