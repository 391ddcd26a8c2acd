namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// A compression known by its first bytes, and the program that decompresses it from standard input to standard output.
/// </summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="DebianPackage">What to install when it is missing.</param>
public sealed record CompressedFormat(string Program, IReadOnlyList<string> Arguments, string DebianPackage)
{
    // The formats and magics the kernel's own scripts/extract-vmlinux goes by. lz4 is the legacy frame that `lz4 -l`
    // writes.
    private static readonly (byte[] Magic, CompressedFormat Format)[] Known =
    [
        ([0x28, 0xb5, 0x2f, 0xfd], new("zstd", ["-dcq"], "zstd")),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00], new("xz", ["-dcq"], "xz-utils")),
        ([0x1f, 0x8b, 0x08], new("gzip", ["-dcq"], "gzip")),
        ([0x02, 0x21, 0x4c, 0x18], new("lz4", ["-dcq"], "lz4")),
        ([0x5d, 0x00, 0x00], new("xz", ["-dcq", "--format=lzma"], "xz-utils")),
        ([(byte)'B', (byte)'Z', (byte)'h'], new("bzip2", ["-dcq"], "bzip2")),
        ([0x89, (byte)'L', (byte)'Z', (byte)'O'], new("lzop", ["-dcq"], "lzop")),
    ];

    /// <summary>The format that data begins with, or null when it is none of the known ones.</summary>
    public static CompressedFormat? Of(ReadOnlySpan<byte> data)
    {
        foreach (var (magic, format) in Known)
        {
            if (data.StartsWith(magic))
                return format;
        }
        return null;
    }
}
