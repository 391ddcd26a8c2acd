using Renci.SshNet;

namespace PstoreLab.Harness.Remote;

/// <summary>One command over a channel of its own.</summary>
internal static class SshNetCommand
{
    /// <summary>SSH.NET ends a command's input only after a byte of it, so the shell gives it an empty one.</summary>
    private const string EmptyInput = "exec </dev/null; ";

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its exit code; null where a signal ended it.</returns>
    public static async Task<int?> RunAsync(SshClient client, RemoteCommand command, CancellationToken cancellation)
    {
        var channel = client.CreateCommand(EmptyInput + command.Text);
        var opening = InThread(() => channel.ExecuteAsync(cancellation));
        try
        {
            var ended = await opening.WaitAsync(cancellation);
            // SSH.NET ends the outputs with the command, however that ends.
            await Task.WhenAll(
                ended,
                CopyAsync(channel.OutputStream, command.Output),
                CopyAsync(channel.ExtendedOutputStream, command.Error)
            );
            return channel.ExitStatus;
        }
        finally
        {
            var closing = opening.ContinueWith(_ => channel.Dispose(), TaskScheduler.Default);
            // A channel that the guest has not opened yet is freed by the end of the connection.
            if (opening.IsCompleted)
                await closing;
        }
    }

    /// <summary>Reads an output whether or not somebody wants it: what is not read piles up in memory.</summary>
    private static Task CopyAsync(Stream output, Stream? target) =>
        InThread(() =>
        {
            output.CopyTo(target ?? Stream.Null);
            return true;
        });

    // SSH.NET blocks while it opens a channel or reads an output, and the pool has few threads.
    private static Task<T> InThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
