using System.Diagnostics.CodeAnalysis;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>Copies between a child's three pipes and the streams its spec names.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The token source owns only a timer that ends by itself; a child may be killed after its end."
)]
internal sealed class StreamPumps(ProcessSpec spec)
{
    private const int BufferSize = 64 << 10;

    /// <summary>
    /// How long a killed child's outputs are still read. Only a process that left its group can hold them open longer.
    /// </summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _drained = new();

    public Task CopyOutputAsync(Stream pipe) => CopyAsync(pipe, spec.StandardOutput);

    public Task CopyErrorAsync(Stream pipe) => CopyAsync(pipe, spec.StandardError);

    /// <summary>Copies the input until it ends or the child does. The pipe is left open.</summary>
    public async Task CopyInputAsync(Stream pipe, CancellationToken ended)
    {
        if (spec.StandardInput is null)
            return;
        // The first read may block, and the thread that starts us must not.
        await Task.Yield();
        try
        {
            // A source need not listen to the token.
            await spec.StandardInput.CopyToAsync(pipe, ended).WaitAsync(ended);
        }
        catch (Exception e)
            when (e is OperationCanceledException || (e is IOException && e is not FileNotFoundException))
        {
            // It ended, or closed its input, without reading all; that is its good right.
        }
    }

    /// <summary>From now on an output that does not end by itself is given up.</summary>
    public void LimitDrain() => _drained.CancelAfter(DrainTime);

    /// <exception cref="InfraException">The output could not be kept. The pipe was read to its end all the same, so
    /// that the child was not stopped.</exception>
    private async Task CopyAsync(Stream pipe, Stream? target)
    {
        // Reads of a child that prints fast end at once, and would never let go of the thread that starts us.
        await Task.Yield();
        var buffer = new byte[BufferSize];
        Exception? failure = null;
        try
        {
            while (await pipe.ReadAsync(buffer, _drained.Token) is > 0 and var count)
            {
                if (target is not null && failure is null)
                    failure = await TryWriteAsync(target, buffer.AsMemory(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody outside the group holds the pipe; what the child itself wrote has been read.
        }
        if (failure is not null)
            throw new InfraException(
                $"The output of `{spec.CommandLine}` could not be kept: {failure.Message}",
                failure
            );
    }

    private static async Task<Exception?> TryWriteAsync(Stream target, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await target.WriteAsync(bytes);
            await target.FlushAsync();
            return null;
        }
        catch (Exception e)
            when (e is IOException or ObjectDisposedException or NotSupportedException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}
