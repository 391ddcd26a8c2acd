using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>The stores of a case, as the host has them in the case folder.</summary>
internal sealed class HostStores(Plan plan, CaseFolder folder, TimeProvider time)
{
    /// <summary>Keeps all as a boot has left them.</summary>
    public async Task KeepAsync(int boot, CancellationToken cancellation)
    {
        await SparseCopy.CopyAsync(folder.Store, folder.Boot(boot).Store, cancellation);
        foreach (var other in plan.Others)
            await SparseCopy.CopyAsync(folder.Other(other), folder.Boot(boot).Other(other), cancellation);
    }

    /// <summary>Keeps the one that is judged as it is while a guest that shows its own records is looked at.</summary>
    public async Task KeepShownAsync(Inspect inspect, CancellationToken cancellation)
    {
        if (plan.ShowsItsOwn(inspect.Boot))
            await SparseCopy.CopyAsync(folder.Store, folder.StoreShown(inspect.Number), cancellation);
    }

    /// <summary>Waits until the one that is judged holds a record, or no longer.</summary>
    /// <param name="boot">The boot that writes it.</param>
    public Task HoldsAsync(AwaitStore wait, int boot, CancellationToken cancellation) =>
        StoreWatch.HoldsAsync(
            folder.Store,
            BackendCatalogue.Get(plan.Backend).Kind,
            plan.StoreOptionsOf(boot),
            wait.Nonce,
            TimeSpan.FromSeconds(wait.Seconds),
            time,
            cancellation
        );

    /// <summary>Damages the one that is judged, with no guest running.</summary>
    /// <param name="boot">The boot that has left it.</param>
    public async Task DamageAsync(DamageStore damage, int boot, CancellationToken cancellation)
    {
        byte[] store = await File.ReadAllBytesAsync(folder.Store, cancellation);
        var log = StoreDamage.Apply(
            store,
            BackendCatalogue.Get(plan.Backend).Kind,
            plan.StoreOptionsOf(boot),
            damage.Damage
        );
        await log.WriteToAsync(folder.Store, cancellation);
        await EvidenceJson.WriteAsync(folder.Damage(damage.Number), log, cancellation);
        await SparseCopy.CopyAsync(folder.Store, folder.Boot(boot).DamagedStore, cancellation);
    }
}
