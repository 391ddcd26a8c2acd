using Polly;
using Polly.Timeout;

namespace PstoreLab.Harness.Remote;

/// <summary>
/// Finds out that a guest has died while somebody waits for its answer. QEMU keeps a connection to a dead guest open
/// and confirms all that is sent, so TCP does not notice; nor does SSH.NET, whose own keep-alive asks for no reply.
/// </summary>
/// <param name="ask">Asks the guest for a sign of life, and ends with it.</param>
internal sealed class KeepAlive(Func<CancellationToken, Task> ask, TimeProvider time)
{
    /// <summary>How long an answer may be out before the guest is asked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How long the guest may take for a sign of life.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline _patience = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(Patience)
        .Build();

    /// <summary>Waits until an answer is there, of whichever kind, or the guest is dead.</summary>
    /// <returns>Whether the guest is alive.</returns>
    public async Task<bool> WaitAsync(Task answer)
    {
        using var end = new CancellationTokenSource();
        try
        {
            while (true)
            {
                var sign = SignAsync(end.Token);
                if (await Task.WhenAny(answer, sign) == answer)
                    return true;
                if (!await sign)
                    return false;
            }
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private async Task<bool> SignAsync(CancellationToken end)
    {
        try
        {
            await Task.Delay(Interval, time, end);
            await _patience.ExecuteAsync(async token => await ask(token), end);
        }
        catch (TimeoutRejectedException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            // The answer is there.
        }
        return true;
    }
}
