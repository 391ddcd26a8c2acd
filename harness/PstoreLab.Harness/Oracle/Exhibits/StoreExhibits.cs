using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>The store of a case, moment by moment.</summary>
internal static class StoreExhibits
{
    public static IEnumerable<StoreExhibit> Of(AttemptEvidence evidence)
    {
        var (plan, folder, stores) = (evidence.Plan, evidence.Folder, evidence.Stores);
        byte[]? last = null;
        if (EvidenceReader.IsKept(folder.StoreBefore))
            yield return Next("before the first boot", folder.StoreBefore, stores.FoundBy(plan.Boots[0].Number), []);
        foreach (var boot in plan.Boots)
        {
            var left = folder.Boot(boot.Number);
            if (EvidenceReader.IsKept(left.Store))
                yield return Next($"as boot {boot.Number} left it", left.Store, stores.LeftBy(boot.Number), []);
            if (EvidenceReader.IsKept(left.DamagedStore) && boot.Number.Value < plan.Boots.Count)
                yield return Next(
                    $"damaged on purpose after boot {boot.Number}",
                    left.DamagedStore,
                    stores.FoundBy(new BootNumber(boot.Number.Value + 1)),
                    [.. boot.Steps.OfType<DamageStore>().Select(step => step.Number).SelectMany(DamageOf)]
                );
        }

        if (EvidenceReader.IsKept(folder.Store))
            yield return Next("at the end", folder.Store, stores.AtTheEnd(), []);

        IEnumerable<DamageLog> DamageOf(int number) =>
            EvidenceReader.IsKept(folder.Damage(number)) ? [EvidenceJson.Kept<DamageLog>(folder.Damage(number))] : [];

        StoreExhibit Next(string moment, string path, FoundStore found, IReadOnlyList<DamageLog> damage)
        {
            bool same = last is not null && found.Bytes is not null && last.AsSpan().SequenceEqual(found.Bytes);
            last = found.Bytes;
            return new StoreExhibit(
                moment,
                Path.GetRelativePath(folder.Root, path),
                found.Store,
                found.Fault,
                damage,
                same
            );
        }
    }
}
