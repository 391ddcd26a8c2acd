using System.Security.Cryptography;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// A machine that was stopped behind the agent's first word: its memory, the state of its devices, its stores, what
/// it had said, and the disk of a systemd guest.
/// </summary>
/// <param name="Folder">Absolute path; nothing in it is written to any more.</param>
/// <param name="Registers">Of devices that QEMU does not restore.</param>
/// <param name="TouchesStores">Whether firmware, QEMU's device, a driver that is built in or a systemd guest has
/// written to an empty store on the way.</param>
public sealed record Checkpoint(string Folder, IReadOnlyList<PciRegister> Registers, bool TouchesStores)
{
    /// <summary>The state of its devices, as QEMU migrates it.</summary>
    public string State { get; init; } = Path.Combine(Folder, "state");

    /// <summary>Where it has the EFI variables; null where it has none, or they were not found.</summary>
    public FirmwareVariables? Variables { get; init; }

    /// <summary>What was on the console.</summary>
    public string Console => Path.Combine(Folder, "console");

    /// <summary>What the agent had said.</summary>
    public string Agent => Path.Combine(Folder, "agent");

    /// <summary>What a systemd guest had written to its disk: an overlay.</summary>
    public string Disk => Path.Combine(Folder, "disk.qcow2");

    /// <summary>The seed of a systemd guest, with the keys below.</summary>
    public string Seed => Path.Combine(Folder, "seed.tar");

    /// <summary>The private key that logs in to a systemd guest.</summary>
    public string ClientKey => Path.Combine(Folder, "ssh-client");

    /// <summary>The private key of a systemd guest's SSH server.</summary>
    public string HostKey => Path.Combine(Folder, "ssh-host");

    /// <summary>The first request to a guest that was restored.</summary>
    internal AgentRequest Awakening(GuestClock clock) =>
        new AgentRequest.Awake(clock.Next(), RandomNumberGenerator.GetHexString(32, lowercase: true), Registers);

    /// <summary>A piece of its memory, by its name.</summary>
    public string Memory(string name) => KeptMemory.FileOf(Folder, name);

    /// <summary>A store, by its name in a case folder, as it was left.</summary>
    public string Store(string file) => Path.Combine(Folder, file);
}
