using System.Buffers.Binary;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.FakeQemu;

/// <summary>The case folder's <c>store</c>: the file of an acpi-erst device.</summary>
internal static class RecordStore
{
    private const string Path = "store";
    private const ulong FirstId = 7710738641726734337;

    // struct ERSTStorageHeader of QEMU, hw/acpi/erst.c: how many records there are.
    private const int CountOffset = 20;

    private static readonly IStoreFormat Erst = StoreFormats.Get(StoreKind.Erst);

    /// <summary>What the device does when the machine is made: a file without a header gets one.</summary>
    public static void Realize()
    {
        // The machine that proves an accelerator has none.
        if (!File.Exists(Path))
            return;
        var store = File.ReadAllBytes(Path);
        if (!store.AsSpan().ContainsAnyExcept((byte)0))
            Save(Erst.CreateEmpty(store.Length, StoreOptions.None));
    }

    /// <summary>What a kernel shows of it: file name to content.</summary>
    public static IReadOnlyDictionary<string, byte[]> Listing(Version kernel) =>
        File.Exists(Path)
            ? PstoreListing.Predict(Decode(File.ReadAllBytes(Path)), kernel)
            : new Dictionary<string, byte[]>();

    /// <summary>Writes one record; a full store keeps what it has.</summary>
    public static void Add(byte[] content)
    {
        var store = File.ReadAllBytes(Path);
        var ids = Decode(store)
            .Records.Where(record => record.State == RecordState.Live)
            .Select(record => record.Name.Id)
            .ToList();
        var id = ids.Count == 0 ? FirstId : Math.Max(FirstId, ids.Max() + 1);
        if (
            Erst.Write(
                store,
                StoreOptions.None,
                new RecordToWrite(RecordType.Dmesg, content)
                {
                    Id = id,
                    WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_795_296_241),
                }
            )
        )
            Save(store);
    }

    /// <summary>Clears records as QEMU does: they leave the map and the count, and their bytes stay.</summary>
    public static void Erase(IReadOnlyCollection<string> names) =>
        Erase(record => names.Any(name => IsOf(name, record)));

    /// <inheritdoc cref="Erase(IReadOnlyCollection{string})"/>
    public static void EraseAll() => Erase(_ => true);

    private static void Erase(Func<StoredRecord, bool> isWanted)
    {
        var store = File.ReadAllBytes(Path);
        var erased = Decode(store)
            .Records.Where(record => record.State == RecordState.Live && isWanted(record))
            .ToList();
        foreach (var record in erased)
        {
            var map = record.Regions.Single(region => region.Kind == RegionKind.Map);
            store.AsSpan((int)map.Offset, map.Length).Clear();
        }

        var count = store.AsSpan(CountOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(
            count,
            BinaryPrimitives.ReadUInt32LittleEndian(count) - (uint)erased.Count
        );
        Save(store);
    }

    private static bool IsOf(string file, StoredRecord record) =>
        RecordName.TryParse(file, out var name) && (name.Type, name.Id) == (record.Name.Type, record.Name.Id);

    private static DecodedStore Decode(byte[] store) => Erst.Decode(store, StoreOptions.None);

    private static void Save(byte[] content)
    {
        using var store = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        store.Write(content);
    }
}
