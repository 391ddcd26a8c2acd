using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>The raw stores of a case, decoded as each boot was told to read them.</summary>
internal sealed class StoreEvidence(CaseFolder folder, Plan plan)
{
    private readonly Dictionary<int, FoundStore> _found = [];

    /// <summary>The store as that boot found it: as the one before left it, with what was damaged on purpose since.</summary>
    public FoundStore FoundBy(int boot)
    {
        if (!_found.TryGetValue(boot, out var found))
            _found[boot] = found = Decode(boot);
        return found;
    }

    private FoundStore Decode(int boot)
    {
        string path = PathBefore(boot);
        if (!File.Exists(path))
            return new FoundStore(null, $"the store as boot {boot} found it is not among the evidence");
        try
        {
            var format = StoreFormats.Get(BackendCatalogue.Get(plan.Backend).Kind);
            var options = plan.StoreOptionsOf(boot);
            byte[] store = File.ReadAllBytes(path);
            // A store that nobody has attached yet is zeros; the device, or the kernel, makes an empty one of it before anything is read.
            if (!store.AsSpan().ContainsAnyExcept((byte)0))
                store = format.CreateEmpty(store.Length, options);
            return new FoundStore(format.Decode(store, options), null);
        }
        catch (RecordFormatException e)
        {
            return new FoundStore(null, $"the store as boot {boot} found it cannot be decoded: {e.Message}");
        }
    }

    private string PathBefore(int boot)
    {
        if (boot <= 1)
            return folder.StoreBefore;
        var before = folder.Boot(boot - 1);
        return File.Exists(before.DamagedStore) ? before.DamagedStore : before.Store;
    }
}

/// <summary>A store, or why there is none to speak of.</summary>
internal sealed record FoundStore(DecodedStore? Store, string? Fault)
{
    /// <summary>The dumps in it whose parts a kernel shows, and its live records of other types.</summary>
    public IReadOnlyList<FoundRecord> Records => Store is null
        ? []
        : FoundRecord.Of(Store.Records.Where(record => record.State == RecordState.Live).Select(DumpPart.Of));

    /// <summary>What holds the text, whatever has become of it.</summary>
    public IEnumerable<StoredRecord> Holding(string text) => Store is null
        ? []
        : Store.Records.Where(record => record.Unpacked.Bytes.Span.IndexOf(RecordText.ToBytes(text)) >= 0);
}
