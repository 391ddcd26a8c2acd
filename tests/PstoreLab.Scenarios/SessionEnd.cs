namespace PstoreLab.Scenarios;

/// <summary>Runs after the last test of the process.</summary>
[SetUpFixture]
public sealed class SessionEnd
{
    [OneTimeTearDown]
    public Task WriteReportsAsync() => LabSession.EndAsync();
}
