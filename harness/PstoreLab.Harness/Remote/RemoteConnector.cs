using Polly;
using Polly.Retry;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Remote;

/// <summary>Connects to a guest that is still on its way up.</summary>
public sealed class RemoteConnector(IRemoteClient client, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries until a server answers; what it then says is final.</summary>
    /// <param name="limit">How long to try.</param>
    /// <param name="login">How long a server that has answered may take until we are in.</param>
    /// <exception cref="InfraException">None answered in time, or one answered and refused us.</exception>
    public async Task<IRemoteSession> ConnectAsync(
        RemoteHost host,
        TimeSpan limit,
        TimeSpan login,
        CancellationToken cancellation
    )
    {
        long start = time.GetTimestamp();
        var attempts = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments =>
                        new(arguments.Outcome.Exception is UnreachableException && time.GetElapsedTime(start) < limit),
                    MaxRetryAttempts = int.MaxValue,
                    Delay = Pause,
                }
            )
            .Build();
        try
        {
            return await attempts.ExecuteAsync(
                async token => await client.ConnectAsync(host, login, token),
                cancellation
            );
        }
        catch (UnreachableException e)
        {
            throw new UnreachableException($"{e.Message} It was tried for {limit.TotalSeconds:0} s.", e);
        }
    }
}
