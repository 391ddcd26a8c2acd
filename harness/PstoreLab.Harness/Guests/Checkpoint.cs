using System.Security.Cryptography;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// A machine that was stopped behind the agent's first word: its memory, the state of its devices, its stores, and what
/// it had said.
/// </summary>
/// <param name="Folder">Absolute path; nothing in it is written to any more.</param>
/// <param name="Registers">Of devices that QEMU does not restore.</param>
/// <param name="TouchesStores">Whether firmware, QEMU's device or a driver that is built in has written to an empty
/// store on the way.</param>
public sealed record Checkpoint(string Folder, IReadOnlyList<PciRegister> Registers, bool TouchesStores)
{
    /// <summary>The state of its devices, as QEMU migrates it.</summary>
    public string State => Path.Combine(Folder, "state");

    /// <summary>What was on the console.</summary>
    public string Console => Path.Combine(Folder, "console");

    /// <summary>What the agent had said.</summary>
    public string Agent => Path.Combine(Folder, "agent");

    /// <summary>The first request to a guest that was restored.</summary>
    internal AgentRequest Awakening(GuestClock clock) =>
        new AgentRequest.Awake(clock.Next(), RandomNumberGenerator.GetHexString(32, lowercase: true), Registers);

    /// <summary>A store, by its name in a case folder, as it was left.</summary>
    public string Store(string file) => Path.Combine(Folder, file);
}
