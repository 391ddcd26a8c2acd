using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>
/// What a kernel compresses with, by version, configuration and parameter; real runs of scenarios/compression hold it
/// against kernels.
/// </summary>
public class PstoreCompressionTests
{
    private const string Off = "CONFIG_PSTORE=y\n# CONFIG_PSTORE_COMPRESS is not set\nCONFIG_CRYPTO_DEFLATE=y\n";

    /// <summary>As Debian's to 6.1; the crypto API has more than pstore uses.</summary>
    private const string Debian =
        "CONFIG_PSTORE_COMPRESS=y\nCONFIG_PSTORE_DEFLATE_COMPRESS=y\n# CONFIG_PSTORE_LZO_COMPRESS is not set\n"
        + "CONFIG_PSTORE_COMPRESS_DEFAULT=\"deflate\"\nCONFIG_CRYPTO_DEFLATE=y\n"
        + "CONFIG_CRYPTO_LZO=y\nCONFIG_CRYPTO_LZ4=m\n";

    /// <summary>As the lab's.</summary>
    private const string All =
        Debian
        + "CONFIG_PSTORE_LZO_COMPRESS=y\nCONFIG_PSTORE_LZ4_COMPRESS=y\nCONFIG_PSTORE_LZ4HC_COMPRESS=y\n"
        + "CONFIG_PSTORE_842_COMPRESS=y\n"
        + "CONFIG_PSTORE_ZSTD_COMPRESS=y\nCONFIG_CRYPTO_LZ4=y\nCONFIG_CRYPTO_LZ4HC=y\nCONFIG_CRYPTO_842=y\n"
        + "CONFIG_CRYPTO_ZSTD=y\n";

    private const string ZstdByDefault = All + "CONFIG_PSTORE_COMPRESS_DEFAULT=\"zstd\"\n";

    /// <summary>The crypto API's zstd is a module, which is not there when pstore asks for it.</summary>
    private const string ZstdAsModule = All + "CONFIG_CRYPTO_ZSTD=m\n";

    /// <summary>As all since 6.6.</summary>
    private const string ZlibOnly = "CONFIG_PSTORE_COMPRESS=y\nCONFIG_CRYPTO_DEFLATE=m\n";

    [TestCase("5.10", Debian, null, CompressionMethod.Deflate)]
    [TestCase("6.1", Debian, "deflate", CompressionMethod.Deflate)]
    [TestCase("6.1", Debian, "none", CompressionMethod.None)]
    [TestCase("6.1", Debian, "lzo", CompressionMethod.None)]
    [TestCase("6.1", Debian, "lz4", CompressionMethod.None)]
    [TestCase("6.1", Debian, "zstd", CompressionMethod.None)]
    [TestCase("6.1", Debian, "", CompressionMethod.Deflate)]
    [TestCase("5.10", All, null, CompressionMethod.Deflate)]
    [TestCase("5.10", All, "lzo", CompressionMethod.Lzo)]
    [TestCase("6.1", All, "lz4", CompressionMethod.Lz4)]
    [TestCase("6.1", All, "lz4hc", CompressionMethod.Lz4)]
    [TestCase("6.1", All, "842", CompressionMethod.Sw842)]
    [TestCase("6.1", All, "zstd", CompressionMethod.Zstd)]
    [TestCase("6.5", All, "zstd", CompressionMethod.Zstd)]
    [TestCase("6.1", All, "none", CompressionMethod.None)]
    [TestCase("6.1", All, "gzip", CompressionMethod.None)]
    [TestCase("6.1", ZstdByDefault, null, CompressionMethod.Zstd)]
    [TestCase("6.1", ZstdByDefault, "deflate", CompressionMethod.Deflate)]
    [TestCase("6.1", ZstdAsModule, "zstd", CompressionMethod.None)]
    [TestCase("6.1", Off, null, null)]
    [TestCase("6.1", Off, "deflate", null)]
    [TestCase("6.6", ZlibOnly, null, CompressionMethod.Deflate)]
    [TestCase("6.6", ZlibOnly, "zstd", CompressionMethod.Deflate)]
    [TestCase("7.2", ZlibOnly, "842", CompressionMethod.Deflate)]
    [TestCase("7.2", ZlibOnly, "none", CompressionMethod.None)]
    [TestCase("7.2", Off, null, null)]
    // Options of old versions that somebody carried along mean nothing any more.
    [TestCase("6.6", ZstdByDefault, null, CompressionMethod.Deflate)]
    // A configuration that is not known.
    [TestCase("6.1", null, null, CompressionMethod.Deflate)]
    [TestCase("6.1", null, "lz4", CompressionMethod.Lz4)]
    [TestCase("6.1", null, "gzip", CompressionMethod.None)]
    [TestCase("6.12", null, "lz4", CompressionMethod.Deflate)]
    public void It_is_foretold(string version, string? config, string? parameter, CompressionMethod? expected)
    {
        var kernel = Version.Parse(version);
        var built = config is null ? null : PstoreCompression.BuiltInto(KernelConfig.Parse(config.Split('\n')), kernel);
        Assert.That(PstoreCompression.Of(kernel, built, parameter), Is.EqualTo(expected));
    }

    [TestCase("6.1", Off, "", null)]
    [TestCase("6.1", Debian, "deflate", "deflate")]
    [TestCase("6.1", All, "deflate lzo lz4 lz4hc 842 zstd", "deflate")]
    [TestCase("6.1", ZstdAsModule, "deflate lzo lz4 lz4hc 842", "deflate")]
    [TestCase("7.2", ZlibOnly, "deflate", "deflate")]
    [TestCase("7.2", Off, "", null)]
    public void A_configuration_is_read(string version, string config, string names, string? byDefault)
    {
        var built = PstoreCompression.BuiltInto(KernelConfig.Parse(config.Split('\n')), Version.Parse(version));
        Assert.That((string.Join(' ', built.Names), built.Default), Is.EqualTo((names, byDefault)));
    }
}
