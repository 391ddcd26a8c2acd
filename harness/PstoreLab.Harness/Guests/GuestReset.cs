using System.Text.Json.Nodes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// The reset of a guest: QEMU ends with it, or the machine stands still in it, so that the host can copy what the dead
/// kernel left before firmware and the next kernel write there. Memory outlives both.
/// </summary>
/// <param name="exit">Ends when QEMU has ended.</param>
internal sealed class GuestReset(QmpClient qmp, Task<ProcessExit> exit)
{
    private const string ByGuest = "guest-reset";

    private volatile TaskCompletionSource<string> _shutdown = NewSource<string>();
    private volatile TaskCompletionSource _restarted = NewSource();
    private volatile TaskCompletionSource _byItself = NewSource();
    private volatile bool _held;

    /// <summary>Ends with the guest's reset, or with another shutdown that QEMU stands still at.</summary>
    public Task Happened => _shutdown.Task;

    /// <summary>Whether the guest has reset and its machine has not gone on since.</summary>
    public bool HasHappened => _shutdown.Task is { IsCompletedSuccessfully: true, Result: ByGuest };

    /// <summary>Ends with the next reset by the guest that nothing holds: its machine boots again.</summary>
    public Task ByItself => _byItself.Task;

    /// <summary>Takes an event of QEMU.</summary>
    public void Take(string name, JsonNode? data)
    {
        string reason = data?["reason"]?.GetValue<string>() ?? "";
        // As with -no-reboot, a reset that is held is QEMU's SHUTDOWN, for the reason guest-reset.
        if (name == "SHUTDOWN" && (reason == ByGuest || _held))
            _shutdown.TrySetResult(reason);
        else if (name == "RESET" && reason == "host-qmp-system-reset")
            _restarted.TrySetResult();
        else if (name == "RESET" && reason == ByGuest)
            Interlocked.Exchange(ref _byItself, NewSource()).TrySetResult();
    }

    /// <summary>
    /// Has the machine stand still at the next reset. Until then it resets as it likes: firmware may do so on its way
    /// up, and nobody would let it go on.
    /// </summary>
    public async Task HoldAsync(CancellationToken cancellation)
    {
        _held = true;
        await SetActionAsync("shutdown", "pause", cancellation);
    }

    /// <summary>Waits for the reset, and where it is held until the processors stand.</summary>
    /// <exception cref="InfraException">QEMU ended or shut the machine down without one.</exception>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var shutdown = _shutdown.Task;
        if (await Task.WhenAny(shutdown, exit).WaitAsync(cancellation) == exit)
        {
            // The event was sent before the end.
            await qmp.EndedAsync(cancellation);
            if (!shutdown.IsCompleted)
                throw new InfraException($"QEMU ended (exit code {(await exit).Code}) without a reset of the guest");
        }

        if (await shutdown is var reason && reason != ByGuest)
            throw new InfraException($"QEMU shut the machine down ({reason}) without a reset of the guest");
        // The event comes before the other processors are stopped, the answer behind that (main_loop_should_exit in
        // softmmu/runstate.c, QEMU 6.0 to 9.0, then system/runstate.c).
        if (_held && await StatusAsync(cancellation) is var status && status != "shutdown")
            throw new InfraException($"QEMU did not hold the guest's reset: its machine is \"{status}\"");
    }

    /// <summary>Resets the machine that stands still and lets it go on.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        _held = false;
        _shutdown = NewSource<string>();
        _restarted = NewSource();
        // With the other action QEMU would take its own reset for one more shutdown.
        await SetActionAsync("reset", "poweroff", cancellation);
        await qmp.ExecuteAsync("system_reset", null, cancellation);
        // Before it is done QEMU refuses to go on.
        await Task.WhenAny(_restarted.Task, exit).WaitAsync(cancellation);
        await qmp.ExecuteAsync("cont", null, cancellation);
    }

    private Task SetActionAsync(string reboot, string shutdown, CancellationToken cancellation) =>
        qmp.ExecuteAsync("set-action", new JsonObject { ["reboot"] = reboot, ["shutdown"] = shutdown }, cancellation);

    private async Task<string> StatusAsync(CancellationToken cancellation) =>
        (await qmp.ExecuteAsync("query-status", null, cancellation))?["status"]?.GetValue<string>() ?? "";

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
