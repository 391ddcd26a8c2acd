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
    /// What is typed before there is a shell would be lost. It comes as a terminal's string, which nobody is shown.
    /// </summary>
    private readonly string _mark = RandomNumberGenerator.GetHexString(16);

    /// <summary>Lets the user have the shell until one of them leaves, or QEMU ends.</summary>
    public async Task StayAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var machine = guest.Machine;
        var left = UseAsync(machine.Used!, stop.Token);
        try
        {
            while (true)
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                var reset = machine.Reset.ByItself;
                var shell = RunAsync(ended.Token);
                var first = await Task.WhenAny(shell, reset, left, machine.Exit);
                // What the next boot says first must not be taken for a part of the answer, and the request come again.
                await ended.CancelAsync();
                await ((Task)shell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UseAsync(UsedConsole console, CancellationToken cancellation)
    {
        await console.HasShownAsync(_mark).WaitAsync(cancellation);
        await user.UseAsync(console.TypeAsync, cancellation);
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] answer = await guest.Machine.Agent.AskAsync(
                new AgentRequest.Run($"{Console}{user.Preparation}printf '\\033]%s\\007' {_mark}; {Shell}"),
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
