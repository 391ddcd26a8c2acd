using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Checkpoints;

/// <summary>
/// Takes a checkpoint: boots the machine up to the agent's first word, has it stand still, keeps memory, devices,
/// stores, the disk of a systemd guest and what was said; then restores it once and compares the devices.
/// </summary>
internal sealed class CheckpointTaker(IProcessRunner runner, string qemu, StateBudget budget, TimeProvider time)
{
    private static readonly BootNumber Booted = new(1);
    private static readonly BootNumber Restored = new(2);

    /// <param name="folder">An empty folder, for the checkpoint.</param>
    /// <param name="work">A folder for what is thrown away.</param>
    /// <exception cref="LabException">No checkpoint can be had of this boot now.</exception>
    public async Task<CheckpointManifest> TakeAsync(
        Plan plan,
        PlannedBoot boot,
        PowerOn on,
        string folder,
        string work,
        CancellationToken cancellation
    )
    {
        var machine = MachineCatalogue.Get(plan.Machine);
        var at = new CaseFolder(work);
        // A store that is given is under the clones, not under what they are clones of.
        plan = plan with
        {
            Store = plan.Store with { Given = null },
        };
        await Staging.PrepareAsync(plan, at, cancellation);
        Directory.CreateDirectory(at.Boot(Booted).Root);
        var checkpoint = new Checkpoint(folder, [], TouchesStores: false);
        IReadOnlyList<PciDevice> before;
        await using (
            var guest = await StartAsync(
                machine,
                on.MachineWith(new KeptMemory(machine, folder, IsShared: true), boot.Cpus),
                at,
                Booted,
                on,
                null,
                cancellation
            )
        )
        {
            await ReadyAsync(guest, on, cancellation);
            await LimitedAsync(on, token => LeaveAsync(guest, on, token), cancellation);
            await guest.Migration.StopAsync(cancellation);
            before = await guest.Migration.PciAsync(cancellation);
            await guest.Migration.SaveAsync(checkpoint.State, cancellation);
            await guest.QuitAsync(cancellation);
            await guest.Exit.WaitAsync(cancellation);
            await guest.EndedAsync(cancellation);
        }

        bool touched = false;
        foreach (
            string store in (string[])[Backends.StoreTemplate.FileName, .. plan.Others.Select(other => other.File)]
        )
        {
            await SparseCopy.CopyAsync(Path.Combine(work, store), checkpoint.Store(store), cancellation);
            touched |= !await AreEqualAsync(
                Path.Combine(work, store),
                Path.Combine(work, store + ".before"),
                cancellation
            );
        }

        File.Copy(at.Boot(Booted).Console, checkpoint.Console);
        File.Copy(at.Boot(Booted).Agent, checkpoint.Agent);
        // QEMU has ended: all of the disk is in its file.
        if (on.Systemd is not null)
            SystemdBoot.Keep(on.Systemd, at, Booted, checkpoint);
        var variables = plan.FirmwareStore is { } kept
            ? FirmwareVariables.Find(
                checkpoint,
                kept,
                on.Start!.Memory!.Nodes.Where(InMemory).Select(node => node.Name)
            )
            : null;
        var registers = await CompareAsync(machine, plan, boot, on, checkpoint, at, before, cancellation);
        return new CheckpointManifest(
            $"{boot.Kernel}{(on.Systemd is null ? "" : $" under {on.Systemd.Name}")}, {plan.Backend}",
            Directory.GetFiles(folder).Sum(RoomOf),
            touched,
            registers,
            Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), file => new FileInfo(file).Length)
        )
        {
            Variables = variables,
        };
    }

    /// <summary>
    /// What a restored guest must write back. A device that is not as before, even so, makes the checkpoint useless.
    /// </summary>
    private async Task<IReadOnlyList<PciRegister>> CompareAsync(
        IMachine machine,
        Plan plan,
        PlannedBoot boot,
        PowerOn on,
        Checkpoint checkpoint,
        CaseFolder at,
        IReadOnlyList<PciDevice> before,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(at.Boot(Restored).Root);
        await using var guest = await StartAsync(
            machine,
            on.MachineWith(new KeptMemory(machine, checkpoint.Folder, IsShared: false), boot.Cpus),
            at,
            Restored,
            on,
            checkpoint,
            cancellation
        );
        var after = await guest.Migration.PciAsync(cancellation);
        PciRegister[] registers = [.. Differing(before, after).SelectMany(device => device.Registers)];
        await ReadyAsync(guest, on, cancellation);
        await LimitedAsync(
            on,
            token =>
                guest.Agent.AskAsync(
                    (checkpoint with { Registers = registers }).Awakening(new GuestClock(time)),
                    token
                ),
            cancellation
        );
        after = await guest.Migration.PciAsync(cancellation);
        return Differing(before, after).FirstOrDefault() is { } lost
            ? throw new InfraException($"QEMU does not restore the device {lost.Address} of {plan.Machine}")
            : registers;
    }

    private static IEnumerable<PciDevice> Differing(IReadOnlyList<PciDevice> before, IReadOnlyList<PciDevice> after) =>
        before.Where(device => !device.IsAs(after.FirstOrDefault(other => other.Address == device.Address)));

    private Task<GuestMachine> StartAsync(
        IMachine machine,
        IReadOnlyList<string> arguments,
        CaseFolder folder,
        BootNumber number,
        PowerOn on,
        Checkpoint? checkpoint,
        CancellationToken cancellation
    ) =>
        LimitedAsync(
            on,
            async token =>
                await GuestMachine.StartAsync(
                    runner,
                    machine,
                    qemu,
                    arguments,
                    folder,
                    number,
                    await new AgentLines(runner, machine, folder, time).PrepareAsync(on, number, checkpoint, token),
                    checkpoint,
                    token
                ),
            cancellation
        );

    private async Task ReadyAsync(GuestMachine guest, PowerOn on, CancellationToken cancellation) =>
        await LimitedAsync(
            on,
            async token =>
            {
                var ready = guest.Agent.ReadyAsync(token);
                if (await Task.WhenAny(ready, guest.Exit) != ready)
                    throw new InfraException("QEMU ended");
                return await ready;
            },
            cancellation
        );

    /// <summary>QEMU forgets connections of its user network, and a restored guest would wait for ever.</summary>
    private async Task<bool> LeaveAsync(GuestMachine guest, PowerOn on, CancellationToken cancellation)
    {
        await guest.Agent.LeaveAsync(cancellation);
        if (on.Systemd is not null)
            await guest.Monitor.UnconnectedAsync(time, cancellation);
        return true;
    }

    private async Task<T> LimitedAsync<T>(
        PowerOn on,
        Func<CancellationToken, Task<T>> operation,
        CancellationToken cancellation
    ) =>
        await new StateWait(budget.Of(CycleState.Booting, on.Systemd is not null), time).ForHostAsync(
            "a checkpoint",
            operation,
            cancellation
        );

    private static bool InMemory(MemoryNode node) => node.File is null;

    // Pages that were never written to take none.
    private static long RoomOf(string path)
    {
        using var file = File.OpenRead(path);
        byte[] page = new byte[4096];
        long room = 0;
        int read;
        while ((read = file.Read(page)) > 0)
            room += page.AsSpan(0, read).ContainsAnyExcept((byte)0) ? read : 0;
        return room;
    }

    private static async Task<bool> AreEqualAsync(string left, string right, CancellationToken cancellation) =>
        Enumerable.SequenceEqual(
            await File.ReadAllBytesAsync(left, cancellation),
            await File.ReadAllBytesAsync(right, cancellation)
        );
}
