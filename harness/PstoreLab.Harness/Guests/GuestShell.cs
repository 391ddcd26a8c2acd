using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Records;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// The shell of a guest at its console, for a user. The agent runs it and answers when it ends. A guest that its user
/// crashes boots again in the same machine, and has the shell once more, with its modules loaded and pstore mounted.
/// </summary>
/// <param name="boot">The boot that the guest is in.</param>
internal sealed class GuestShell(CycleGuest guest, PlannedBoot boot, IConsoleUser user)
{
    /// <summary>
    /// The kernel's console is the last one that is listed. A getty there would take half of what is typed. Job
    /// control, and so Ctrl-C, takes a terminal of the shell's own.
    /// </summary>
    private const string Console =
        "tty=$(cat /sys/class/tty/console/active) && tty=/dev/${tty##* } && "
        + "{ ! type systemctl >/dev/null 2>&1 || systemctl stop \"serial-getty@${tty#/dev/}.service\"; }; "
        // A terminal that nobody has open forgets its size.
        + "exec <\"$tty\" >\"$tty\" 2>&1; stty sane; cd /; ";

    private const string Shell = "sh=$(command -v bash || echo sh); exec setsid -c \"$sh\" -i";

    /// <summary>
    /// What is typed before there is a shell would be lost. It comes as a terminal's string, which nobody is shown, and
    /// the shell waits for a line behind it.
    /// </summary>
    private readonly string _mark = RandomNumberGenerator.GetHexString(16);

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _use;

    /// <summary>Lets the user have the shell until one of them leaves, or QEMU ends.</summary>
    public async Task StayAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var machine = guest.Machine;
        var left = _left.Task;
        try
        {
            while (true)
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                var reset = machine.Reset.ByItself;
                var greeting = GreetAsync(machine.Used!, stop.Token, ended.Token);
                var shell = RunAsync(ended.Token);
                var first = await Task.WhenAny(shell, reset, left, machine.Exit);
                // What the next boot says first must not be taken for a part of the answer, and the request come again.
                await ended.CancelAsync();
                await Task.WhenAll(shell, greeting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
                await first;
                if (first != reset)
                    return;
                var ready = machine.Agent.ReadyAsync(stop.Token);
                if (await Task.WhenAny(ready, left, machine.Exit) != ready)
                    return;
                Say("the guest has booted again");
                await BringUpAsync(stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (_use is not null)
                await _use;
        }
    }

    /// <param name="stay">Ends the use of the console; it outlives a shell.</param>
    private async Task GreetAsync(UsedConsole console, CancellationToken stay, CancellationToken cancellation)
    {
        await console.HasShownAsync(_mark).WaitAsync(cancellation);
        var greeted = new TaskCompletionSource();
        _use ??= UseAsync(console, greeted.Task, stay);
        await console.TypeAsync("\r"u8.ToArray(), cancellation);
        greeted.SetResult();
    }

    /// <param name="greeted">Ends when the shell no longer takes the first line for its own.</param>
    private async Task UseAsync(UsedConsole console, Task greeted, CancellationToken cancellation)
    {
        try
        {
            await user.UseAsync(
                async (typed, token) =>
                {
                    await greeted.WaitAsync(token);
                    await console.TypeAsync(typed, token);
                },
                cancellation
            );
            _left.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            _left.TrySetCanceled(cancellation);
        }
        catch (Exception fault)
        {
            // Whoever waits for the user throws it.
            _left.TrySetException(fault);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] answer = await guest.Machine.Agent.AskAsync(
                new AgentRequest.Run(
                    $"{Console}{user.Preparation}printf '\\033]%s\\007' {_mark}; read -r ready; {Shell}"
                ),
                cancellation
            );
            // The shell itself speaks at the console: this is why there was none.
            if (RecordText.FromBytes(answer).Split('\n', 2) is [_, { Length: > 0 } words])
                Say(words.Trim());
        }
        catch (GuestFaultException fault)
        {
            Say(fault.Message);
        }
    }

    private async Task BringUpAsync(CancellationToken cancellation)
    {
        try
        {
            await guest.Machine.Agent.AskAsync(boot.Steps.OfType<NoteBackend>().First().Request, cancellation);
        }
        catch (GuestFaultException fault)
        {
            Say(fault.Message);
        }
    }

    private void Say(string words) =>
        user.Show(Encoding.UTF8.GetBytes($"\r\n--- {words.ReplaceLineEndings("\r\n")}\r\n"));
}
