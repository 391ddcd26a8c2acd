using System.IO.Compression;
using System.Text;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>A folder of stores that a test makes itself, gone afterwards.</summary>
internal sealed class StoreFolder : IDisposable
{
    public const int AreaSize = 64 << 10;

    private static readonly IStoreFormat Format = StoreFormats.Get(StoreKind.Ramoops);

    private static readonly StoreOptions Options = new()
    {
        Parameters = new Dictionary<string, string>
        {
            ["ramoops.mem_size"] = $"{AreaSize}",
            ["ramoops.record_size"] = "0x4000",
            ["ramoops.ftrace_size"] = "0",
            ["ramoops.pmsg_size"] = "0",
        },
    };

    public string Root { get; } = Directory.CreateTempSubdirectory("decode-").FullName;

    /// <summary>A ramoops area with a dump of each of these texts.</summary>
    public static byte[] Area(params string[] texts)
    {
        byte[] image = Format.CreateEmpty(AreaSize, Options);
        foreach (string text in texts)
            Assert.That(Format.Write(image, Options, Dump(text)));
        return image;
    }

    /// <summary>An area with ECC and one dump.</summary>
    public static byte[] AreaWithEcc(string text)
    {
        var options = Options with
        {
            Parameters = new Dictionary<string, string>(Options.Parameters) { ["ramoops.ecc"] = "1" },
        };
        byte[] image = Format.CreateEmpty(AreaSize, options);
        Assert.That(Format.Write(image, options, Dump(text)));
        return image;
    }

    /// <summary>
    /// One sound dump, one of which the header is damaged, and one that was erased; the first without an end of line.
    /// </summary>
    public static byte[] DamagedArea()
    {
        byte[] image = Area(
            "Panic#1 Part1\n<0>[    5.000000] Kernel panic - not syncing: sysrq triggered crash",
            "Oops#1 Part1\ndamaged\n",
            "Oops#2 Part1\nerased\n"
        );
        var records = Format.Decode(image, Options).Records;
        // A length that no zone has; and an empty zone, as unlink leaves it.
        image[records[1].Offset + 11] = 0x7f;
        image.AsSpan((int)records[2].Offset + 4, 8).Clear();
        return image;
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(Root, name), content);
        return name;
    }

    /// <summary>A file of zeros with these at these places; takes no room on disk.</summary>
    public string WriteSparse(string name, long length, params (long Offset, byte[] Content)[] pieces)
    {
        using var file = File.Create(Path.Combine(Root, name));
        file.SetLength(length);
        foreach (var (offset, content) in pieces)
        {
            file.Position = offset;
            file.Write(content);
        }
        return name;
    }

    public string Gzip(string name)
    {
        using var source = File.OpenRead(Path.Combine(Root, name));
        using var packed = new GZipStream(File.Create(Path.Combine(Root, $"{name}.gz")), CompressionLevel.Fastest);
        source.CopyTo(packed);
        return $"{name}.gz";
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static RecordToWrite Dump(string text) =>
        new(RecordType.Dmesg, Encoding.Latin1.GetBytes(text))
        {
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(123_456),
        };
}
