using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>The expected files of <c>/sys/fs/pstore</c> before anything is taken out of the store.</summary>
internal sealed class ExpectedListings(Plan plan, StoreEvidence stores)
{
    /// <summary>File name to content; null where the store is not known as the kernel of that boot found it.</summary>
    /// <param name="diagnostics">Gets what the kernel must say of those that it cannot decompress.</param>
    /// <exception cref="UnsupportedException">This machine lacks a method that the kernel decompresses.</exception>
    public IReadOnlyDictionary<string, byte[]>? ListingOf(BootNumber boot, List<string>? diagnostics = null) =>
        ListingOf(stores.FoundBy(boot), plan.BootOf(boot), diagnostics);

    /// <summary>The same of the store as it must be shown at an inspection.</summary>
    public IReadOnlyDictionary<string, byte[]>? ListingAt(Inspection inspection, List<string> diagnostics) =>
        ListingOf(stores.ShownAt(inspection), inspection.Boot, diagnostics);

    private IReadOnlyDictionary<string, byte[]>? ListingOf(
        FoundStore found,
        PlannedBoot boot,
        List<string>? diagnostics
    )
    {
        if (found.Store is not { } store)
            return null;
        try
        {
            return PstoreListing.Predict(
                store,
                plan.VersionOf(boot.Kernel),
                plan.CompressionOf(boot),
                diagnostics ?? []
            );
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException(e.Message, e);
        }
    }
}
