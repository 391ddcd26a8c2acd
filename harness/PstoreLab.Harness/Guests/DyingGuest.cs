using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>Sets off a crash and waits until it is over.</summary>
internal sealed class DyingGuest(CycleGuest guest, TimeProvider time)
{
    /// <summary>
    /// A crash after which the machine resets, is switched off or stands still, or a crash kernel takes over.
    /// </summary>
    /// <param name="release">What <c>uname -r</c> said of the kernel that dies.</param>
    /// <exception cref="StalledCrashException">The kernel began to die and did not come to that.</exception>
    /// <exception cref="InfraException">It did not even begin, or QEMU ended.</exception>
    public async Task CrashAsync(Crash crash, string release, CancellationToken cancellation)
    {
        guest.Enter(CycleState.Crashing);
        var dying = guest.Machine.Console.WaitForAsync(crash.ConsolePattern, cancellation);
        await guest.Machine.ForgetResetsAsync(cancellation);
        if (crash.Cause == TriggerSource.Monitor)
            await guest.Machine.Monitor.CommandAsync(crash.Request, cancellation);
        else
            await guest.Machine.Agent.SendAsync(crash.Request, cancellation);
        try
        {
            if (crash.BootsCaptureKernel)
                await TakeoverAsync(crash, release, cancellation);
            else
                await EndAsync(crash, dying, cancellation);
        }
        catch (InfraException e) when (dying.IsCompletedSuccessfully && !guest.Machine.Exit.IsCompleted)
        {
            throw new StalledCrashException(
                $"the kernel printed \"{crash.ConsolePattern}\" and never {Ended(crash.End)}: the harness {e.Message}"
            );
        }
    }

    /// <summary>A crash that the kernel survives.</summary>
    /// <exception cref="InfraException">It did not, or the console never showed the end of it.</exception>
    public async Task OopsAsync(Oops oops, CancellationToken cancellation)
    {
        guest.Enter(CycleState.Crashing);
        guest.Machine.TroubleIsExpected = true;
        var over = guest.Machine.Console.WaitForAsync(oops.ConsolePattern, cancellation);
        await guest.AskAsync(oops.Request, cancellation);
        await guest.UndisturbedAsync($"\"{oops.ConsolePattern}\" on the console", over.WaitAsync, cancellation);
        guest.Machine.TroubleIsExpected = false;
        guest.Enter(CycleState.Committed);
    }

    private async Task TakeoverAsync(Crash crash, string release, CancellationToken cancellation)
    {
        string own = await guest.CaptureKernelReadyAsync(crash.Request, cancellation);
        if (own != release)
            throw new InfraException($"the crash kernel is {own}, and {release} had loaded itself");
    }

    private Task EndAsync(Crash crash, Task dying, CancellationToken cancellation) =>
        crash.End switch
        {
            CrashEnd.PowerOff => guest.WithinAsync(
                $"QEMU to end after `{crash.Request}`",
                guest.Machine.Exit.WaitAsync,
                cancellation
            ),
            CrashEnd.Halt => guest.WithinAsync(
                $"the guest to stand still after `{crash.Request}`",
                async token =>
                {
                    await dying.WaitAsync(token);
                    await guest.Machine.Monitor.StandstillAsync(time, token);
                },
                cancellation
            ),
            _ => guest.WithinAsync($"the reset after `{crash.Request}`", guest.Machine.ResetAsync, cancellation),
        };

    private static string Ended(CrashEnd end) =>
        end switch
        {
            CrashEnd.PowerOff => "switched off",
            CrashEnd.Halt => "stood still",
            _ => "reset",
        };
}
