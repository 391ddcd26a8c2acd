using System.Security.Cryptography;
using System.Text;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Damages;

/// <summary>A real store of one kind with three compressed records in it, no two of one length.</summary>
public sealed record StoreBench(string Name, StoreKind Kind, int Size, params (string Name, string Value)[] Parameters)
{
    private static readonly (string, string)[] Zones =
    [
        ("ramoops.record_size", "0x4000"),
        ("ramoops.console_size", "0"),
        ("ramoops.ftrace_size", "0"),
        ("ramoops.pmsg_size", "0"),
    ];

    public static StoreBench Ramoops { get; } = new("ramoops", StoreKind.Ramoops, 0x14000, Zones);

    public static StoreBench RamoopsEcc { get; } =
        new("ramoops-ecc", StoreKind.Ramoops, 0x14000, [.. Zones, ("ramoops.ecc", "1")]);

    public static StoreBench Erst { get; } = new("erst", StoreKind.Erst, 0x10000);

    public static StoreBench Efi { get; } = new("efi", StoreKind.Efi, 131072);

    public static StoreBench Blk { get; } =
        new("pstore-blk", StoreKind.PstoreBlk, 0x50000, ("pstore_blk.kmsg_size", "64"));

    public static IReadOnlyList<StoreBench> All { get; } = [Ramoops, RamoopsEcc, Erst, Efi, Blk];

    public IStoreFormat Format => StoreFormats.Get(Kind);

    public StoreOptions Options =>
        new()
        {
            Parameters = Parameters.ToDictionary(),
            Cpus = 1,
            Kernel = new Version(6, 1),
        };

    /// <param name="number">From 1.</param>
    public static string Text(int number)
    {
        var text = new StringBuilder($"Oops#{number} Part1\n");
        // Digests, which nothing can compress much.
        for (int line = 0; line < 20 + number * 7; line++)
            text.Append(
                $"<6>[    {number}.{line:000000}] "
                    + $"{Convert.ToHexStringLower(SHA256.HashData([(byte)number, (byte)line]))}\n"
            );
        return text.ToString();
    }

    public static RecordToWrite Record(int number) =>
        new(RecordType.Dmesg, RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(Text(number))))
        {
            MarkedCompressed = true,
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000 + number * 60),
            Count = number,
            Reason = DumpReason.Oops,
        };

    public byte[] Empty() => Format.CreateEmpty(Size, Options);

    public byte[] Filled(int records = 3)
    {
        byte[] store = Empty();
        for (int number = 1; number <= records; number++)
            Assert.That(Format.Write(store, Options, Record(number)));
        return store;
    }

    public IReadOnlyList<StoredRecord> Live(byte[] store) =>
        [.. Format.Decode(store, Options).Records.Where(record => record.State == RecordState.Live)];

    public IEnumerable<string> Texts(byte[] store) =>
        Live(store).Select(record => RecordText.FromBytes(record.Decompressed.Bytes.Span));

    public override string ToString() => Name;
}
