using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Remote;

/// <summary>The one way to a running guest's user space.</summary>
public interface IRemoteClient
{
    /// <summary>
    /// Connects once and logs in, with this key and no other way, to a server with that key and no other.
    /// </summary>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="UnreachableException">No SSH server answered: the guest is not up yet, or not any
    /// more.</exception>
    /// <exception cref="InfraException">One answered, and has another key, refuses ours, or stopped
    /// answering.</exception>
    Task<IRemoteSession> ConnectAsync(RemoteHost host, TimeSpan limit, CancellationToken cancellation);
}

/// <summary>
/// One connection. It never connects anew: after the guest's end it is of no use. Disposing it ends it and leaves
/// nothing behind.
/// </summary>
public interface IRemoteSession : IAsyncDisposable
{
    RemoteHost Host { get; }

    /// <summary>
    /// Runs a command to its end. Several may run at once: nine, because sshd allows ten (MaxSessions) and a question
    /// for a sign of life is one.
    /// </summary>
    /// <returns>Its exit code; 255 where a signal ended it.</returns>
    /// <exception cref="InfraException">The connection was lost, or the guest gave no sign of life.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled: the command's channel is closed, and nothing of it is left on this side. What it does not notice goes
    /// on in the guest.
    /// </exception>
    Task<int> RunAsync(RemoteCommand command, CancellationToken cancellation);
}

/// <summary>What to run in a guest, with an empty standard input.</summary>
/// <param name="Text">A line for the login shell there, which must be a POSIX one. Quote words with
/// <see cref="Processes.ShellWords"/>.</param>
public sealed record RemoteCommand(string Text)
{
    /// <summary>Receives its standard output as it comes; null throws it away. Not disposed.</summary>
    public Stream? Output { get; init; }

    /// <summary>Receives its standard error as it comes; null throws it away. Not disposed.</summary>
    public Stream? Error { get; init; }
}

/// <summary>No SSH server answered; the one fault of a connection that waiting may fix.</summary>
public sealed class UnreachableException(string message, Exception? inner = null) : InfraException(message, inner);
