using System.Collections.Concurrent;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Checkpoints;

/// <summary>
/// The checkpoints in the cache, by <see cref="CheckpointKey"/>. One is taken when its boot is wanted for the second
/// time, here or in an earlier run: a boot that comes once is not worth the room.
/// </summary>
/// <param name="qemu">The QEMU program of a machine.</param>
/// <param name="progress">Told of one that is of no use.</param>
public sealed class CheckpointStore(
    IProcessRunner runner,
    Func<IMachine, string> qemu,
    StateBudget budget,
    TimeProvider time,
    CheckpointFolder folder,
    IProgress<string>? progress
) : ICheckpoints
{
    private readonly ConcurrentDictionary<string, bool> _useless = [];
    private readonly ConcurrentDictionary<string, bool> _discarded = [];

    public bool IsThere(Plan plan, PlannedBoot boot, PowerOn on)
    {
        if (on.Start?.Memory is null)
            return false;
        string key = CheckpointKey.Of(qemu(MachineCatalogue.Get(plan.Machine)), plan, boot, on);
        return !_useless.ContainsKey(key) && CheckpointManifest.Read(folder.Of(key)) is not null;
    }

    public async Task<Checkpoint?> FindAsync(Plan plan, PlannedBoot boot, PowerOn on, CancellationToken cancellation)
    {
        if (on.Start?.Memory is null)
            return null;
        string program = qemu(MachineCatalogue.Get(plan.Machine));
        string key = CheckpointKey.Of(program, plan, boot, on);
        if (_useless.ContainsKey(key))
            return null;
        var manifest = CheckpointManifest.Read(folder.Of(key));
        bool again = folder.IsWantedAgain(key, time.GetUtcNow());
        if (manifest is null && again && folder.HasRoom)
        {
            using var held = await folder.LockAsync(key, cancellation);
            manifest = CheckpointManifest.Read(folder.Of(key));
            if (manifest is null && Directory.Exists(folder.Of(key)))
                progress?.Report($"the checkpoint {key} is damaged and is made anew");
            manifest ??= await TakeAsync(program, plan, boot, on, key, cancellation);
        }

        return manifest is null
            ? null
            : new Checkpoint(folder.Of(key), manifest.Registers, manifest.TouchesStores)
            {
                Variables = manifest.Variables,
            };
    }

    public Task DiscardAsync(Checkpoint checkpoint, string reason, CancellationToken cancellation)
    {
        string key = Path.GetFileName(checkpoint.Folder);
        if (_discarded.TryAdd(key, true))
            progress?.Report($"the checkpoint {key} is of no use and goes: {reason}");
        else if (_useless.TryAdd(key, true))
            progress?.Report($"another checkpoint {key} is of no use; its boots are fresh in this run: {reason}");
        folder.Delete(key);
        return Task.CompletedTask;
    }

    private async Task<CheckpointManifest?> TakeAsync(
        string program,
        Plan plan,
        PlannedBoot boot,
        PowerOn on,
        string key,
        CancellationToken cancellation
    )
    {
        folder.Delete(key);
        using var work = new Temporary(folder.Path);
        string made = Directory.CreateDirectory(Path.Combine(work.Folder, "checkpoint")).FullName;
        string scratch = Directory.CreateDirectory(Path.Combine(work.Folder, "work")).FullName;
        try
        {
            var manifest = await new CheckpointTaker(runner, program, budget, time).TakeAsync(
                plan,
                boot,
                on,
                made,
                scratch,
                cancellation
            );
            manifest.Write(made);
            folder.MakeRoom(manifest.Room);
            Directory.Move(made, folder.Of(key));
            return manifest;
        }
        catch (Exception e)
            when (e is LabException or GuestFaultException or IOException && !cancellation.IsCancellationRequested)
        {
            // Whatever it is, the case meets it, or not, on its own.
            _useless[key] = true;
            progress?.Report($"no checkpoint of {boot.Kernel} with {plan.Backend}: {e.Message}");
            return null;
        }
    }
}
