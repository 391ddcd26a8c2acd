using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>What <c>/sys/fs/pstore</c> must show of a store before anything is taken out of it.</summary>
internal sealed class Foretold(Plan plan, StoreEvidence stores)
{
    /// <summary>File name to content; null where the store is not known as the kernel of that boot found it.</summary>
    /// <param name="complaints">Gets what the kernel must say of those that it cannot decompress.</param>
    /// <exception cref="UnsupportedException">Nothing on this machine undoes what the kernel can.</exception>
    public IReadOnlyDictionary<string, byte[]>? ListingOf(int boot, List<string>? complaints = null)
    {
        if (stores.FoundBy(boot).Store is not { } store)
            return null;
        try
        {
            return PstoreListing.Of(store, plan.VersionOf(plan.BootOf(boot).Kernel), plan.CompressionOf(boot), complaints ?? []);
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException(e.Message, e);
        }
    }
}
