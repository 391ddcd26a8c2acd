using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// What a step can have done to the guest of a crash cycle, and what it can keep of it. Each wait ends with the guest
/// or with the time that the cycle's state may last, whichever is first; then the step has failed.
/// </summary>
public interface ICycle
{
    /// <summary>The boot under way.</summary>
    PlannedBoot Boot { get; }

    /// <summary>Whether a systemd guest runs.</summary>
    bool HasSystemd { get; }

    void Enter(CycleState state);

    /// <summary>Starts QEMU, in place of one that may still run, and waits for the agent.</summary>
    Task PowerOnAsync(PowerOn on, CancellationToken cancellation);

    /// <summary>Waits for the agent of a guest that resets inside the same QEMU.</summary>
    Task WarmBootAsync(CancellationToken cancellation);

    /// <summary>Sends the agent a request and waits for the payload of its answer.</summary>
    Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation);

    /// <summary>Sends the agent a request and does not wait: the guest may not live to answer.</summary>
    Task SendAsync(AgentRequest request, CancellationToken cancellation);

    /// <summary>Notes which backend the running guest has registered, in the words of the kernel's parameter.</summary>
    void Registered(string backend);

    /// <summary>Sets a crash off and waits until it is over, or the capture kernel has booted.</summary>
    Task DieAsync(Crash crash, CancellationToken cancellation);

    /// <summary>Sets an oops off and waits until the kernel has survived it.</summary>
    Task SurviveAsync(Oops oops, CancellationToken cancellation);

    /// <summary>Kills QEMU at a point of what the guest does.</summary>
    Task CutPowerAsync(CutPower cut, CancellationToken cancellation);

    /// <summary>Asks a healthy guest to reset and waits for the reset.</summary>
    Task RebootAsync(string what, CancellationToken cancellation);

    /// <summary>Ends QEMU under a healthy guest.</summary>
    /// <param name="request">What the agent is asked for; null ends QEMU by itself.</param>
    Task PowerOffAsync(AgentRequest? request, CancellationToken cancellation);

    /// <summary>A dead guest is done: keeps the stores, with no QEMU over them but for a warm boot.</summary>
    Task CommitAsync(CrashEnd end, CancellationToken cancellation);

    /// <summary>Waits until the store holds so many records with the nonce, or the time is over.</summary>
    Task AwaitStoreAsync(string nonce, int records, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Damages the store, with no guest running.</summary>
    Task DamageAsync(int number, Damage damage, CancellationToken cancellation);

    /// <summary>Keeps the stores as the boot has left them.</summary>
    Task KeepStoresAsync(CancellationToken cancellation);

    /// <summary>Keeps the answer of an inspection.</summary>
    Task KeepInspectionAsync(InspectionNumber number, byte[] answer, CancellationToken cancellation);

    /// <summary>Keeps how a command in the guest ended.</summary>
    Task KeepRunAsync(int number, byte[] answer, CancellationToken cancellation);

    /// <summary>Keeps what a capture kernel found.</summary>
    void KeepVmcore(byte[] answer);
}
