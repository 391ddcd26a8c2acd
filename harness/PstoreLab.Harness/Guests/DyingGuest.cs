using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Guests;

/// <summary>Sets off a crash and waits until it is over.</summary>
internal sealed class DyingGuest(CycleGuest guest, TimeProvider time)
{
    /// <summary>
    /// A crash after which the machine resets, powers off or halts, or a capture kernel (crash kernel) boots.
    /// </summary>
    /// <param name="release">What <c>uname -r</c> said of the kernel that dies.</param>
    /// <exception cref="GuestFaultException">The kernel began to die and did not come to that.</exception>
    /// <exception cref="InfraException">It did not even begin, or QEMU ended.</exception>
    public async Task CrashAsync(Crash crash, string release, CancellationToken cancellation)
    {
        var dying = guest.Machine.Console.WaitForAsync(crash.ConsolePattern, cancellation);
        if (crash.End == CrashEnd.Reset)
            await guest.HoldResetAsync(cancellation);
        if (crash.Request is null)
            await guest.Machine.Monitor.CommandAsync(crash.MonitorCommand!, cancellation);
        else
            await guest.Machine.Agent.SendAsync(crash.Request, cancellation);
        try
        {
            if (crash.BootsCaptureKernel)
                await TakeoverAsync(crash, release, cancellation);
            else
                await EndAsync(crash, dying, cancellation);
        }
        catch (GuestFaultException e) when (e.Kind == GuestFaultKind.Hang)
        {
            throw dying.IsCompletedSuccessfully && !guest.Machine.Exit.IsCompleted
                ? new GuestFaultException(
                    GuestFaultKind.Unfinished,
                    $"the kernel printed \"{crash.ConsolePattern}\" and never {Ended(crash.End)}: the harness "
                        + e.Message,
                    inner: e
                )
                // A kernel that does not even begin to die of its trigger has not come to pstore.
                : new InfraException(e.Message, e);
        }
    }

    /// <summary>A crash that the kernel survives.</summary>
    /// <exception cref="GuestFaultException">It did not, or the console never showed the end of it.</exception>
    public async Task OopsAsync(Oops oops, CancellationToken cancellation)
    {
        using var expected = guest.Machine.ExpectTrouble();
        var over = guest.Machine.Console.WaitForAsync(oops.ConsolePattern, cancellation, times: oops.Times);
        await guest.AskAsync(oops.Request, cancellation);
        await guest.UndisturbedAsync($"\"{oops.ConsolePattern}\" on the console", over.WaitAsync, cancellation);
    }

    private async Task TakeoverAsync(Crash crash, string release, CancellationToken cancellation)
    {
        string own = await guest.CaptureKernelReadyAsync(crash.Order, cancellation);
        if (own != release)
            throw new InfraException($"the capture kernel is {own}, and {release} had loaded itself");
    }

    private Task EndAsync(Crash crash, Task dying, CancellationToken cancellation) =>
        crash.End switch
        {
            CrashEnd.PowerOff => guest.WithinAsync(
                $"QEMU to end after `{crash.Order}`",
                guest.Machine.Exit.WaitAsync,
                cancellation
            ),
            CrashEnd.Halt => guest.WithinAsync(
                $"the processors to halt after `{crash.Order}`",
                async token =>
                {
                    await dying.WaitAsync(token);
                    await guest.Machine.Monitor.StandstillAsync(time, token);
                },
                cancellation
            ),
            _ => guest.WithinAsync($"the reset after `{crash.Order}`", guest.Machine.Reset.WaitAsync, cancellation),
        };

    private static string Ended(CrashEnd end) =>
        end switch
        {
            CrashEnd.PowerOff => "powered off",
            CrashEnd.Halt => "halted",
            _ => "reset",
        };
}
