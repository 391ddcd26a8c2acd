using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Remote;

/// <summary>
/// What is done over a session: commands with their words, files there and back. The guest needs a POSIX shell, and tar
/// to fetch from it.
/// </summary>
public static class RemoteFiles
{
    /// <summary>Runs a command and hands back what it said.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="InfraException">It took longer, or the connection was lost.</exception>
    public static async Task<RemoteOutput> RunAsync(
        this IRemoteSession session,
        string command,
        TimeSpan limit,
        CancellationToken cancellation,
        Stream? input = null
    )
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exit = await session.RunAsync(
            new RemoteCommand(command)
            {
                Input = input,
                Output = output,
                Error = error,
            },
            limit,
            cancellation
        );
        return new RemoteOutput(
            command,
            exit,
            Encoding.UTF8.GetString(output.ToArray()),
            Encoding.UTF8.GetString(error.ToArray())
        );
    }

    /// <summary>Runs a command for at most so long.</summary>
    /// <exception cref="InfraException">It took longer, or the connection was lost.</exception>
    public static async Task<int> RunAsync(
        this IRemoteSession session,
        RemoteCommand command,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            return await session.RunAsync(command, timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new InfraException(
                $"`{command.Text}` did not end within {limit.TotalSeconds:0.#} s at {session.Host}.",
                e
            );
        }
    }

    /// <summary>Fetches a folder with all that is in it, as a tar archive for <see cref="RemoteTree"/>.</summary>
    /// <exception cref="InfraException">There is no such folder, it could not be read whole, or it took too
    /// long.</exception>
    public static async Task FetchAsync(
        this IRemoteSession session,
        string folder,
        Stream archive,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        using var error = new MemoryStream();
        var command = new RemoteCommand(
            $"tar --create --format=posix --numeric-owner --directory={ShellWords.Quote(folder)} ."
        )
        {
            Output = archive,
            Error = error,
        };
        Ensure(
            await session.RunAsync(command, limit, cancellation),
            error,
            $"{folder} could not be fetched from {session.Host}"
        );
    }

    /// <summary>Puts a file into a guest, whole or not at all; what was there before is replaced.</summary>
    /// <exception cref="InfraException">It could not be written, or it took too long.</exception>
    public static async Task SendAsync(
        this IRemoteSession session,
        Stream content,
        string path,
        UnixFileMode mode,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        using var error = new MemoryStream();
        string target = ShellWords.Quote(path);
        string part = ShellWords.Quote(path + ".part");
        var command = new RemoteCommand(
            $"umask 077 && cat >{part} && chmod {Convert.ToString((int)mode, 8)} {part} && mv -f {part} {target}"
        )
        {
            Input = content,
            Error = error,
        };
        Ensure(
            await session.RunAsync(command, limit, cancellation),
            error,
            $"{path} could not be written at {session.Host}"
        );
    }

    private static void Ensure(int exit, MemoryStream error, string what)
    {
        if (exit != 0)
            throw new InfraException($"{what} (exit code {exit}): {Encoding.UTF8.GetString(error.ToArray()).Trim()}");
    }
}

/// <summary>What a command in a guest said.</summary>
/// <param name="Command">The command.</param>
/// <param name="Output">Read as UTF-8; invalid bytes become U+FFFD.</param>
/// <param name="Error">As <paramref name="Output"/>.</param>
public sealed record RemoteOutput(string Command, int ExitCode, string Output, string Error);
