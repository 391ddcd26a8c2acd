using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// The compression of a kernel's pstore, predicted from its version, its configuration and <c>pstore.compress</c>. It
/// is all that the kernel can decompress: <c>decompress_record</c> tries no other method, whatever else was built in.
/// </summary>
/// <remarks>
/// By <c>pstore_choose_compression</c> and <c>allocate_buf_for_compression</c> in fs/pstore/platform.c and
/// fs/pstore/Kconfig, 5.10, 6.1, 6.12 and 7.2. To 6.5 a name that was not built in leaves a kernel without any method,
/// and it says nothing of that before it meets a compressed record; since 6.6 every name but <c>none</c> means deflate
/// ("Unsupported compression '%s', falling back to deflate").
/// </remarks>
internal static class PstoreCompression
{
    /// <summary>The kernel parameter that names the compressor.</summary>
    public const string Parameter = "pstore.compress";

    private const string Deflate = "deflate";

    // In the order of zbackends in fs/pstore/platform.c, to 6.5.
    private static readonly (string Name, string Option, CompressionMethod Method)[] Known =
    [
        (Deflate, "DEFLATE", CompressionMethod.Deflate),
        ("lzo", "LZO", CompressionMethod.Lzo),
        ("lz4", "LZ4", CompressionMethod.Lz4),
        // Writes what lz4 reads.
        ("lz4hc", "LZ4HC", CompressionMethod.Lz4),
        ("842", "842", CompressionMethod.Sw842),
        ("zstd", "ZSTD", CompressionMethod.Zstd),
    ];

    /// <summary>The compressors of a version, each with the options that it takes.</summary>
    /// <param name="kernel">As major.minor.</param>
    public static IReadOnlyList<(string Name, IReadOnlyList<NeededOption> Options)> Needs(Version kernel) =>
        kernel >= KernelDecompression.ZlibOnlySince
            ? [(Deflate, [new("CONFIG_PSTORE_COMPRESS")])]
            :
            [
                // Where the crypto API has it as a module, it is not there when pstore asks for it: guests load what
                // their backend needs and no more.
                .. Known.Select(known =>
                    (
                        known.Name,
                        (IReadOnlyList<NeededOption>)
                            [
                                new("CONFIG_PSTORE_COMPRESS"),
                                new($"CONFIG_PSTORE_{known.Option}_COMPRESS"),
                                new($"CONFIG_CRYPTO_{known.Option}", BuiltIn: true),
                            ]
                    )
                ),
            ];

    /// <summary>What a configuration holds.</summary>
    /// <param name="kernel">As major.minor.</param>
    public static PlannedCompressors BuiltInto(KernelConfig config, Version kernel)
    {
        if (!config.IsEnabled("CONFIG_PSTORE_COMPRESS"))
            return new PlannedCompressors([], null);
        string[] names =
        [
            .. Needs(kernel)
                .Where(known => known.Options.All(option => option.IsMetBy(config)))
                .Select(known => known.Name),
        ];
        return new PlannedCompressors(
            names,
            kernel >= KernelDecompression.ZlibOnlySince ? Deflate
                : config.Get("CONFIG_PSTORE_COMPRESS_DEFAULT") is not "n" and var name ? name
                : null
        );
    }

    /// <param name="kernel">As major.minor.</param>
    /// <param name="built">Null where it is not known: then for all of that version, with deflate where nothing else is
    /// asked for.</param>
    /// <param name="parameter">The value of <c>pstore.compress</c>; null where it is not set. A plain word without a
    /// value sets nothing.</param>
    /// <returns>
    /// <see cref="CompressionMethod.None"/> where it has no method to use; null where it was built without compression,
    /// and so never prints an error.
    /// </returns>
    public static CompressionMethod? Of(Version kernel, PlannedCompressors? built, string? parameter)
    {
        if (built is { Names.Count: 0, Default: null })
            return null;
        string? name = string.IsNullOrEmpty(parameter)
            ? built is null
                ? Deflate
                : built.Default
            : parameter;
        if (kernel >= KernelDecompression.ZlibOnlySince)
            return name == "none" ? CompressionMethod.None : CompressionMethod.Deflate;
        return
            name is not null
            && (built is null || built.Names.Contains(name))
            && Known.FirstOrDefault(known => known.Name == name) is { Name: not null } found
            ? found.Method
            : CompressionMethod.None;
    }

    /// <summary>
    /// A record that nothing here can decompress cannot be judged: says what is missing on this machine.
    /// </summary>
    /// <param name="absenceOf">Why a method cannot be decompressed here; null when it can.</param>
    /// <exception cref="UnsupportedException">A kernel of the plan compresses with a method that cannot be decompressed
    /// here.</exception>
    public static void RequireLibraries(Plan plan, Func<CompressionMethod, string?> absenceOf)
    {
        foreach (var boot in plan.Boots)
        {
            if (plan.CompressionOf(boot) is { } method && absenceOf(method) is { } absence)
                throw new UnsupportedException(
                    $"{boot.Kernel} compresses with {method.Name} in boot {boot.Number}, which cannot be decompressed "
                        + "here: "
                        + absence
                );
        }
    }
}
