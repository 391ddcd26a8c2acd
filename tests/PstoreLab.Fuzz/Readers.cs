using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Nvram;
using PstoreLab.Records.Pmsg;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Salvage;
using PstoreLab.Records.Stores;

namespace PstoreLab.Fuzz;

/// <summary>
/// Everything that reads what a dead machine left. Each may refuse bytes with a <see cref="RecordFormatException"/>,
/// and do nothing worse.
/// </summary>
internal static class Readers
{
    // It tries thousands of streams, for seconds where it may. A few inputs are given that time, the many none of it.
    private static readonly TimeSpan LongestSalvage = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortSalvage = TimeSpan.FromMilliseconds(20);
    private const int InputsForALongOne = 64;

    public static IReadOnlyList<Reader> All { get; } =
    [
        .. StoreFormats.All.Select(format => new Reader(format.Name, bytes => Decode(format, bytes))),
        new("memory", bytes => RamoopsScan.DecodeAll(new MemoryStream(bytes)).Count()),
        new("pipe", bytes => RamoopsScan.DecodeAll(new PipedStream(bytes)).Count()),
        new("flash", bytes => EfiScan.DecodeAll(new MemoryStream(bytes), StoreOptions.None)),
        new("error records", bytes => CperDump.Find(bytes)),
        new("nvram", bytes => OopsPartition.Read(bytes)),
        new("device tree", bytes => RamoopsNode.Read(DeviceTreeBlob.Read(bytes))),
        new("record", Record),
        new("reconstruction", Reconstruct) { ThrowsAway = true, TakesRecords = true },
        new("android log", bytes => AndroidLog.ToText(bytes)),
        new("efivarfs", bytes => EfiDumpVariable.OfFile(VariableFile, bytes)),
    ];

    private const string VariableFile = "dump-type0-1-1-1700000000-C-cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0";

    // Twice: with what its headers say, and with what another says.
    private static void Decode(IStoreFormat format, byte[] bytes)
    {
        _ = format.Recognises(bytes, bytes.Length);
        var store = format.Decode(bytes, StoreOptions.None);
        PstoreListing.Predict(store, new Version(6, 1));
        PstoreListing.Predict(store, new Version(7, 2));
        Reassembly.AssembleByName(store.Records.Select(DumpPart.FromStored));
        format.Decode(bytes, store.Options with { Kernel = new Version(5, 10), Cpus = 4 });
    }

    private static void Record(byte[] bytes)
    {
        var payload = RecordCompression.Decompress(bytes);
        LogEnd.Find(payload.Bytes.Span);
        Reassembly.Assemble([DumpPart.Parse(new RecordName(RecordType.Dmesg, "ramoops", 0), payload.Bytes.Span)]);
    }

    private static void Reconstruct(byte[] bytes)
    {
        bool isLong = bytes.Sum(value => value) % InputsForALongOne == 0;
        using var limit = new CancellationTokenSource(isLong ? LongestSalvage : ShortSalvage);
        try
        {
            DeflateSalvage.Of(bytes, [], limit.Token);
            DeflateSalvage.Of(bytes, [new LostRange(bytes.Length / 3, 16)], limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever asks for it says how long.
        }
    }
}

/// <param name="Name">For the report.</param>
/// <param name="Read">Reads bytes; what it gives is thrown away.</param>
internal sealed record Reader(string Name, Action<byte[]> Read)
{
    /// <summary>Whether it makes far more than it holds at a time.</summary>
    public bool ThrowsAway { get; init; }

    /// <summary>Whether it is given nothing but records, where whole stores would cost it seconds each.</summary>
    public bool TakesRecords { get; init; }

    public Reader(string name, Func<byte[], object?> read)
        : this(name, Ignoring(read)) { }

    private static Action<byte[]> Ignoring(Func<byte[], object?> read) => bytes => _ = read(bytes);
}
