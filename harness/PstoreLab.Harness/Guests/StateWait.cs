using Polly;
using Polly.Timeout;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// A wait in one state of the cycle: it ends with what was waited for, or with the reason why that will not come.
/// </summary>
internal sealed class StateWait(TimeSpan limit, TimeProvider time)
{
    // A guest in a loop has lines of any length.
    private const int LongestLine = 200;

    /// <summary>Waits at most as long as the state may last.</summary>
    /// <exception cref="InfraException">It lasted longer.</exception>
    public async Task<T> WithinAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(limit)
            .Build();
        try
        {
            return await pipeline.ExecuteAsync(async token => await operation(token), cancellation);
        }
        catch (TimeoutRejectedException)
        {
            throw new InfraException($"waited {limit.TotalSeconds:0} s for {what}");
        }
    }

    /// <summary>Waits for something of a healthy guest: an oops, a reset or the end of QEMU ends the wait.</summary>
    /// <exception cref="InfraException">The guest was disturbed, or the state lasted too long.</exception>
    public Task<T> UndisturbedAsync<T>(
        string what,
        GuestMachine guest,
        int boot,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) => WithinAsync(what, token => RaceAsync(what, guest, boot, operation, token), cancellation);

    /// <summary>A console line for a message: short, and without what would drive a terminal.</summary>
    public static string Shown(string line) =>
        RecordText.ForDisplay(line.Length > LongestLine ? line[..LongestLine] + "..." : line);

    private static async Task<T> RaceAsync<T>(
        string what,
        GuestMachine guest,
        int boot,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wanted = operation(stop.Token);
        var trouble = guest.Trouble(boot);
        var reset = guest.Console.NextBootAsync(boot, stop.Token);
        try
        {
            var first = await Task.WhenAny(wanted, trouble, reset, guest.Exit);
            if (first == wanted || wanted.IsCompletedSuccessfully)
                return await wanted;
            // The end of the wait ends all that is waited for, in any order.
            cancellation.ThrowIfCancellationRequested();
            // Under an exit lies most often an oops: it is the better reason, and its line may come a moment later.
            if (first == guest.Exit)
                await guest.Console.EndedAsync(cancellation);
            throw new InfraException(
                trouble.IsCompletedSuccessfully
                    ? $"while the harness waited for {what}, the console showed what no step asked for: "
                        + $"{Shown(await trouble)}"
                : first == reset ? $"while the harness waited for {what}, the guest reset by itself"
                : $"while the harness waited for {what}, QEMU ended (exit code {(await guest.Exit).Code})"
            );
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
