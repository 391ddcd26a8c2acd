using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Guests;

/// <summary>The stores of a case, as the host has them in the case folder.</summary>
internal sealed class HostStores(Plan plan, CaseFolder folder, TimeProvider time)
{
    /// <summary>Has the stores as the boot left them that a checkpoint stands for.</summary>
    public async Task PutAsync(Checkpoint checkpoint, CancellationToken cancellation)
    {
        if (!checkpoint.TouchesStores)
            return;
        // What a boot does to an empty store (QEMU's ERST device writes its header) is none of a store that is given.
        if (plan.Store.Given is null)
            await SparseCopy.CopyAsync(checkpoint.Store(StoreTemplate.FileName), folder.Store, cancellation);
        foreach (var other in plan.Others)
            await SparseCopy.CopyAsync(checkpoint.Store(other.File), folder.Other(other), cancellation);
    }

    /// <summary>
    /// The checkpoint with the variables that its firmware would find at a boot; null where it would do more with them
    /// than to copy them.
    /// </summary>
    public async Task<Checkpoint?> WithVariablesAsync(
        Checkpoint checkpoint,
        BootNumber boot,
        CancellationToken cancellation
    )
    {
        if (checkpoint.Variables is not { } variables)
            return null;
        byte[] store = await File.ReadAllBytesAsync(Path.Combine(folder.Root, variables.Store), cancellation);
        string state = folder.Boot(boot).State;
        Directory.CreateDirectory(folder.Boot(boot).Root);
        return variables.WriteState(checkpoint, store, state) ? checkpoint with { State = state } : null;
    }

    /// <summary>Has no more of the state of such a checkpoint.</summary>
    public void ForgetVariables(BootNumber boot)
    {
        if (Directory.Exists(folder.Boot(boot).Root))
            File.Delete(folder.Boot(boot).State);
    }

    /// <summary>Has the stores as they were before the first boot.</summary>
    public async Task EmptyAsync(CancellationToken cancellation)
    {
        await SparseCopy.CopyAsync(folder.StoreBefore, folder.Store, cancellation);
        foreach (var other in plan.Others)
            await SparseCopy.CopyAsync(folder.OtherBefore(other), folder.Other(other), cancellation);
    }

    /// <summary>Keeps all as a boot has left them.</summary>
    public async Task KeepAsync(BootNumber boot, CancellationToken cancellation)
    {
        await SparseCopy.CopyAsync(folder.Store, folder.Boot(boot).Store, cancellation);
        foreach (var other in plan.Others)
            await SparseCopy.CopyAsync(folder.Other(other), folder.Boot(boot).Other(other), cancellation);
    }

    /// <summary>Keeps the one under test as it is while a guest that shows its own records is looked at.</summary>
    public async Task KeepShownAsync(InspectionNumber number, PlannedBoot boot, CancellationToken cancellation)
    {
        if (boot.ShowsItsOwn)
            await SparseCopy.CopyAsync(folder.Store, folder.StoreShown(number), cancellation);
    }

    /// <summary>Waits until the one under test holds so many records with the nonce, or no longer.</summary>
    /// <param name="boot">The boot that writes it.</param>
    public Task HoldsAsync(
        string nonce,
        int records,
        TimeSpan limit,
        PlannedBoot boot,
        CancellationToken cancellation
    ) =>
        StoreWatch.HoldsAsync(
            folder.Store,
            BackendCatalogue.Get(plan.Backend).Kind,
            plan.StoreOptionsOf(boot),
            nonce,
            records,
            limit,
            time,
            cancellation
        );

    /// <summary>Damages the one under test, with no guest running.</summary>
    /// <param name="number">Number of the damage in the case.</param>
    /// <param name="boot">The boot that has left it.</param>
    public async Task DamageAsync(int number, Damage damage, PlannedBoot boot, CancellationToken cancellation)
    {
        byte[] store = await File.ReadAllBytesAsync(folder.Store, cancellation);
        var log = StoreDamage.Apply(store, BackendCatalogue.Get(plan.Backend).Kind, plan.StoreOptionsOf(boot), damage);
        await log.WriteToAsync(folder.Store, cancellation);
        await EvidenceJson.WriteAsync(folder.Damage(number), log, cancellation);
        await SparseCopy.CopyAsync(folder.Store, folder.Boot(boot.Number).DamagedStore, cancellation);
    }
}
