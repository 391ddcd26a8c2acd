namespace PstoreLab.Harness.Processes;

public static class ProcessRunnerExtensions
{
    /// <summary>How much of each output <see cref="RunAsync"/> keeps, in bytes.</summary>
    public const int CaptureLimit = 16 << 20;

    /// <summary>
    /// Runs a child to its end and hands back what it said. Streams named by the spec receive their output as well.
    /// </summary>
    /// <param name="cancellationToken">Kills the child's process group.</param>
    /// <exception cref="Faults.InfraException">The program does not exist or cannot be executed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the child is gone by then.</exception>
    public static async Task<CapturedOutput> RunAsync(
        this IProcessRunner runner,
        ProcessSpec spec,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var output = new CappedCapture(CaptureLimit, spec.StandardOutput);
        await using var error = new CappedCapture(CaptureLimit, spec.StandardError);
        await using var process = runner.Start(spec with { StandardOutput = output, StandardError = error });
        ProcessExit exit;
        await using (cancellationToken.Register(process.Kill))
            exit = await process.Exit;
        cancellationToken.ThrowIfCancellationRequested();
        return new CapturedOutput(spec, exit, output.Text(), error.Text());
    }
}
