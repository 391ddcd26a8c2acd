using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>The raw stores of a case, decoded with the parameters of each boot.</summary>
internal sealed class StoreEvidence(CaseFolder folder, Plan plan)
{
    private readonly Dictionary<BootNumber, FoundStore> _found = [];
    private readonly Dictionary<BootNumber, FoundStore> _left = [];

    /// <summary>
    /// The store as that boot found it: as the one before left it, with what was damaged on purpose since.
    /// </summary>
    public FoundStore FoundBy(BootNumber boot)
    {
        if (!_found.TryGetValue(boot, out var found))
            _found[boot] = found = Decode(boot);
        return found;
    }

    /// <summary>
    /// The store that the inspection must show: as its boot found it, or, where a boot shows its own records, as it was
    /// then.
    /// </summary>
    public FoundStore ShownAt(Inspection inspection) =>
        inspection.Boot.ShowsItsOwn ? ShownAt(inspection.Number, inspection.Boot) : FoundBy(inspection.Boot.Number);

    /// <summary>The store at each inspection of a boot that shows its own records.</summary>
    public IEnumerable<FoundStore> ShownDuring(PlannedBoot boot) =>
        boot.Steps.OfType<Inspect>().Select(inspect => ShownAt(inspect.Number, boot));

    /// <summary>The store as that boot left it, before anything was damaged on purpose.</summary>
    public FoundStore LeftBy(BootNumber boot)
    {
        if (!_left.TryGetValue(boot, out var left))
            _left[boot] = left = Decode(
                folder.Boot(boot).Store,
                plan.Backend,
                plan.StoreOptionsOf(plan.BootOf(boot)),
                $"the store as boot {boot} left it"
            );
        return left;
    }

    /// <summary>The store as the last boot left it.</summary>
    public FoundStore AtTheEnd() =>
        Decode(folder.Store, plan.Backend, plan.StoreOptionsOf(plan.Boots[^1]), "the store as the last boot left it");

    /// <summary>The store of a backend that is not judged, as the last boot left it.</summary>
    public FoundStore Left(OtherStore other) =>
        Decode(
            folder.Other(other),
            other.Backend,
            plan.StoreOptionsOf(plan.Boots[^1], other),
            $"the store of {other.Backend}"
        );

    private FoundStore ShownAt(InspectionNumber number, PlannedBoot boot) =>
        Decode(folder.StoreShown(number), plan.Backend, plan.StoreOptionsOf(boot), $"the store at inspection {number}");

    private FoundStore Decode(BootNumber boot) =>
        Decode(
            PathBefore(boot),
            plan.Backend,
            plan.StoreOptionsOf(plan.BootOf(boot)),
            $"the store as boot {boot} found it"
        );

    private static FoundStore Decode(string path, string backend, StoreOptions options, string what) =>
        FoundStore.Decode(EvidenceReader.Bytes(path), BackendCatalogue.Get(backend).Kind, options, what);

    private string PathBefore(BootNumber boot)
    {
        if (plan.BootOf(boot).IsFirst)
            return folder.StoreBefore;
        var before = folder.Boot(new BootNumber(boot.Value - 1));
        return plan.BootOf(new BootNumber(boot.Value - 1)).Steps.Any(step => step is DamageStore)
            ? before.DamagedStore
            : before.Store;
    }
}

/// <summary>A store, or why there is none to speak of.</summary>
internal sealed record FoundStore(DecodedStore? Store, string? Fault)
{
    /// <summary>All of it; null where there is none to speak of.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>The dumps in it whose parts a kernel shows, and its live records of other types.</summary>
    public IReadOnlyList<FoundRecord> Records { get; } =
        Store is null
            ? []
            : FoundRecord.Of(
                Store.Records.Where(record => record.State == RecordState.Live).Select(DumpPart.FromStored)
            );

    /// <param name="store">All of it.</param>
    /// <param name="what">What to call it.</param>
    public static FoundStore Decode(byte[] store, StoreKind kind, StoreOptions options, string what)
    {
        try
        {
            var format = StoreFormats.Get(kind);
            // A store that nobody has attached yet is zeros; the device, or the kernel, makes an empty one of it before
            // anything is read.
            if (!store.AsSpan().ContainsAnyExcept((byte)0))
                store = format.CreateEmpty(store.Length, options);
            return new FoundStore(format.Decode(store, options), null) { Bytes = store };
        }
        catch (RecordFormatException e)
        {
            return new FoundStore(null, $"{what} cannot be decoded: {e.Message}");
        }
    }

    /// <summary>The records that hold the text, in any state.</summary>
    public IEnumerable<StoredRecord> Holding(string text) =>
        Store is null
            ? []
            : Store.Records.Where(record => record.Decompressed.Bytes.Span.IndexOf(RecordText.ToBytes(text)) >= 0);
}
