using System.IO.Compression;
using System.Security.Cryptography;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Stores;

/// <summary>
/// A store that a real kernel died over, from the folder <c>Fixtures</c>, whose README says what is there.
/// </summary>
/// <param name="Name">Backend and kernel.</param>
public sealed record RealStore(string Name)
{
    private const string Extension = ".store.gz";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static IReadOnlyList<RealStore> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Folder, $"*{Extension}")
            .Select(path => new RealStore(Path.GetFileName(path)[..^Extension.Length]))
            .OrderBy(store => store.Name),
    ];

    /// <summary>Those with error correction.</summary>
    public static IEnumerable<RealStore> WithEcc => All.Where(store => store.HasEcc);

    /// <summary>That wrote it, and read it.</summary>
    public Version Kernel => Version.Parse(Name[(Name.LastIndexOf('-') + 1)..]);

    public bool HasEcc => Name.StartsWith("ramoops-ecc-", StringComparison.Ordinal);

    /// <summary>What the kernel compressed with, and undid.</summary>
    public CompressionMethod Method =>
        Name.Contains("-842-", StringComparison.Ordinal) ? CompressionMethod.Sw842 : CompressionMethod.Deflate;

    public StoreKind Kind =>
        StoreFormats
            .All.Select(format => format.Kind)
            .Single(kind => Name.Replace("-", "").StartsWith($"{kind}", StringComparison.OrdinalIgnoreCase));

    /// <summary>The parameters that the writer had, as the scenarios in <c>Fixtures/scenarios</c> give them.</summary>
    public StoreOptions Given =>
        new()
        {
            Parameters = new Dictionary<string, string>
            {
                ["ramoops.mem_size"] = "0x20000",
                ["ramoops.record_size"] = "0x10000",
                ["ramoops.ecc"] = HasEcc ? "1" : "0",
                ["pstore_blk.kmsg_size"] = "64",
            },
            Cpus = 1,
            Kernel = Kernel,
        };

    public byte[] Image => DecompressedPayload(Extension);

    /// <summary>What the serial console showed from the first marker line on.</summary>
    public IReadOnlyList<string> Console =>
        RecordText.FromBytes(DecompressedPayload(".console.gz")).TrimEnd('\n').Split('\n');

    /// <summary>What the next boot showed: a line per file, with its name, size and SHA-256.</summary>
    public IReadOnlyList<string> Shown => File.ReadAllLines(Path.Combine(Folder, $"{Name}.shown.txt"));

    /// <summary>The same for a predicted listing.</summary>
    public static IEnumerable<string> Lines(IReadOnlyDictionary<string, byte[]> listing) =>
        listing
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"{file.Key} {file.Value.Length} {Convert.ToHexStringLower(SHA256.HashData(file.Value))}");

    public DecodedStore Decode(byte[] image, StoreOptions? options = null) =>
        StoreFormats.Get(Kind).Decode(image, options ?? StoreOptions.None);

    /// <summary>The one crash that is in it.</summary>
    public static Dump Crash(DecodedStore store) =>
        Reassembly
            .Assemble(
                store
                    .Records.Where(record => record.State == RecordState.Live)
                    .Select(record => DumpPart.Parse(record.Name, record.Decompressed.Bytes.Span))
            )
            .Single();

    public override string ToString() => Name;

    private byte[] DecompressedPayload(string extension)
    {
        using var packed = new GZipStream(
            File.OpenRead(Path.Combine(Folder, Name + extension)),
            CompressionMode.Decompress
        );
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
