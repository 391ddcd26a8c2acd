namespace PstoreLab.Harness.Processes;

/// <summary>The process runners this build has.</summary>
public static class ProcessRunner
{
    /// <summary>Best first. One element where CliWrap could not be restored when this was built.</summary>
    public static IReadOnlyList<IProcessRunner> Available { get; } =
    [
#if HAVE_CLIWRAP
        new CliWrapProcessRunner(),
#endif
        new SystemProcessRunner()];

    public static IProcessRunner Default => Available[0];
}
