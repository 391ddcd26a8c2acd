using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>What a finished child said.</summary>
/// <param name="Spec">What was run.</param>
/// <param name="Exit">How it ended.</param>
/// <param name="StandardOutput">Read as UTF-8; invalid bytes become U+FFFD. Cut at
/// <see cref="ProcessRunnerExtensions.CaptureLimit"/>.</param>
/// <param name="StandardError">As <paramref name="StandardOutput"/>.</param>
public sealed record CapturedOutput(ProcessSpec Spec, ProcessExit Exit, string StandardOutput, string StandardError)
{
    private const int LinesInMessage = 10;

    /// <summary>Returns this when the child succeeded.</summary>
    /// <exception cref="InfraException">It did not; the message has the command line, the exit code and the last lines
    /// it ended with.</exception>
    public CapturedOutput EnsureSuccess()
    {
        if (Exit.Success)
            return this;
        var diagnostics = LastLines(StandardError) ?? LastLines(StandardOutput) ?? "  (it printed nothing)";
        throw new InfraException($"`{Spec.CommandLine}` failed with exit code {Exit.Code}:\n{diagnostics}");
    }

    private static string? LastLines(string text)
    {
        var lines = text.Split('\n')
            .Select(line => line.TrimEnd())
            .Where(line => line.Length > 0)
            .TakeLast(LinesInMessage)
            .ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines.Select(line => "  " + line));
    }
}
