using System.Text;
using PstoreLab.Harness.Remote;

namespace PstoreLab.Harness.Tests.Remote;

/// <summary>What a command in a guest said.</summary>
/// <param name="Output">Read as UTF-8; invalid bytes become U+FFFD.</param>
/// <param name="Error">As <paramref name="Output"/>.</param>
public sealed record RemoteOutput(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command to its end.</summary>
    public static async Task<RemoteOutput> OfAsync(
        IRemoteSession session,
        string command,
        CancellationToken cancellation
    )
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exit = await session.RunAsync(new RemoteCommand(command) { Output = output, Error = error }, cancellation);
        return new RemoteOutput(
            exit,
            Encoding.UTF8.GetString(output.ToArray()),
            Encoding.UTF8.GetString(error.ToArray())
        );
    }
}
