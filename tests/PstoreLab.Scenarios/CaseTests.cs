using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Scenarios;

/// <summary>
/// Every case of <c>scenarios/</c> is a test whose name is the case's id. What <c>dotnet test --filter</c> can choose
/// by:
/// <list type="bullet">
/// <item><c>TestCategory=erst</c>: family, backend, kernel, restart, or <c>Quick</c>; <c>Name~record-whole</c>: a part
/// of the id.</item>
/// <item><c>"Backend=erst&amp;Kernel=debian-6.1"</c>: Family, Scenario, Backend, Kernel (any that it boots), and every
/// dimension of the matrix with a capital. The adapter knows these when it runs tests, not together with
/// <c>--list-tests</c>.</item>
/// </list>
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class CaseTests
{
    // Reads files only: discovery is quick and goes without QEMU.
    private static IEnumerable<TestCaseData> Shipped() => LabSession.Lab.Scenarios.Load([]).Select(CaseData.Of);

    [TestCaseSource(nameof(Shipped))]
    public async Task Boots(Case @case)
    {
        var session = await LabSession.CurrentAsync();
        Outcome.Report(await session.RunAsync(@case), session.Folder);
    }
}
