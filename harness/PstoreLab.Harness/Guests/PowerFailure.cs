using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Guests;

/// <summary>Kills QEMU at a point of what its guest does.</summary>
/// <param name="store">Path of the store under test.</param>
/// <param name="observed">Notes whether the store had begun to change, where the point counts from there.</param>
internal sealed class PowerFailure(CycleGuest guest, string store, ObservedCycle observed, TimeProvider time)
{
    /// <summary>How long to wait for one more line of a kernel that is done with its account.</summary>
    private static readonly TimeSpan LongestTail = TimeSpan.FromSeconds(5);

    /// <exception cref="InfraException">That point never came.</exception>
    public async Task CutAsync(CutPower cut, CancellationToken cancellation)
    {
        if (cut.Request is not null)
            await DuringAsync(cut.Request, cut, cancellation);
        else if (cut.After is not null)
            await guest.UndisturbedAsync(
                $"\"{cut.After}\" on the console",
                token => guest.Machine.Console.WaitForAsync(cut.After, token),
                cancellation
            );
        guest.Machine.Kill();
        await guest.EndAsync();
    }

    private async Task DuringAsync(AgentRequest request, CutPower cut, CancellationToken cancellation)
    {
        guest.Enter(CycleState.Crashing);
        // Where the guest is done before the point, the next kernel must not be what is cut.
        await guest.HoldResetAsync(cancellation);
        var shown = cut.After is null
            ? Task.CompletedTask
            : guest.Machine.Console.WaitForAsync(cut.After, cancellation);
        var point = cut.Point is null ? Task.CompletedTask : PointAsync(cut, cut.Point, cancellation);
        await guest.Machine.Agent.SendAsync(request, cancellation);
        await guest.WithinAsync(
            $"\"{cut.After}\" on the console",
            Task.WhenAny(shown, guest.Over).WaitAsync,
            cancellation
        );
        // In its last lines QEMU may be quicker than we are.
        if (!shown.IsCompleted && cut.Point is null)
            throw new InfraException($"QEMU ended before the console showed \"{cut.After}\"");
        await guest.WithinAsync($"the point of the power cut ({cut.Point})", point.WaitAsync, cancellation);
    }

    /// <summary>Ends at the point, or with the guest, which may be done before it.</summary>
    private async Task PointAsync(CutPower cut, CutPoint point, CancellationToken cancellation)
    {
        if (point.Lines is { } lines)
            await Task.WhenAny(
                guest.Machine.Console.WaitForAsync(cut.After!, cancellation, more: lines),
                guest.Over,
                Task.Delay(LongestTail, time, cancellation)
            );
        else
            observed.Cut(
                cut.Number,
                await StoreWatch.BeginsAsync(
                    store,
                    TimeSpan.FromMicroseconds(point.Microseconds),
                    guest.Over,
                    cancellation
                )
            );
    }
}
