using System.Text.Json.Nodes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// QEMU's monitor for people, which can do what QMP has no words for. Each call ends with <see cref="InfraException"/>
/// when QEMU does.
/// </summary>
internal sealed class QemuMonitor(QmpClient qmp, IArchitecture architecture)
{
    /// <summary>Has it do something that it has nothing to say about.</summary>
    /// <exception cref="InfraException">It answered with an error.</exception>
    public async Task CommandAsync(string command, CancellationToken cancellation)
    {
        if (await AskAsync(command, cancellation) is { Length: > 0 } error)
            throw new InfraException($"QEMU refused `{command}`: {error.Trim()}");
    }

    /// <summary>
    /// Ends when all processors are halted for good, with interrupts off: nothing but a reset would wake them.
    /// </summary>
    public async Task StandstillAsync(TimeProvider time, CancellationToken cancellation)
    {
        // QEMU has no event for it.
        while (!architecture.AreHalted(await AskAsync("info registers -a", cancellation)))
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
    }

    /// <summary>Ends when no connection is open any more that was forwarded into the guest.</summary>
    public async Task UnconnectedAsync(TimeProvider time, CancellationToken cancellation)
    {
        // QEMU has no event for it either.
        while (HasConnections(await AskAsync("info usernet", cancellation)))
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
    }

    /// <param name="usernet">The answer to <c>info usernet</c>.</param>
    internal static bool HasConnections(string usernet) =>
        usernet
            .Split('\n')
            .Select(line => line.TrimStart())
            .Any(line =>
                line.StartsWith("TCP[", StringComparison.Ordinal)
                // The port that is listened to, and a connection that only waits for stray packets.
                && !line.StartsWith("TCP[HOST_FORWARD]", StringComparison.Ordinal)
                && !line.StartsWith("TCP[TIME_WAIT]", StringComparison.Ordinal)
            );

    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        var answer = await qmp.ExecuteAsync(
            "human-monitor-command",
            new JsonObject { ["command-line"] = command },
            cancellation
        );
        return answer?.GetValue<string>() ?? "";
    }
}
