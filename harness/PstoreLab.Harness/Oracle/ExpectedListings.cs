using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>What <c>/sys/fs/pstore</c> must show of a store before anything is taken out of it.</summary>
internal sealed class ExpectedListings(Plan plan, StoreEvidence stores)
{
    /// <summary>File name to content; null where the store is not known as the kernel of that boot found it.</summary>
    /// <param name="complaints">Gets what the kernel must say of those that it cannot decompress.</param>
    /// <exception cref="UnsupportedException">Nothing on this machine undoes what the kernel can.</exception>
    public IReadOnlyDictionary<string, byte[]>? ListingOf(int boot, List<string>? complaints = null) =>
        ListingOf(stores.FoundBy(boot), boot, complaints);

    /// <summary>The same of the store as it must be shown at an inspection.</summary>
    public IReadOnlyDictionary<string, byte[]>? ListingAt(Inspect inspect, List<string> complaints) =>
        ListingOf(stores.ShownAt(inspect), inspect.Boot, complaints);

    private IReadOnlyDictionary<string, byte[]>? ListingOf(FoundStore found, int boot, List<string>? complaints)
    {
        if (found.Store is not { } store)
            return null;
        try
        {
            return PstoreListing.Of(
                store,
                plan.VersionOf(plan.BootOf(boot).Kernel),
                plan.CompressionOf(boot),
                complaints ?? []
            );
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException(e.Message, e);
        }
    }
}
