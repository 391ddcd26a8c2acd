using System.IO.Compression;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// The configuration that a kernel built with <c>CONFIG_IKCONFIG</c> carries in itself, as scripts/extract-ikconfig
/// finds it.
/// </summary>
internal static class EmbeddedConfig
{
    private static ReadOnlySpan<byte> Begin => "IKCFG_ST\u001f"u8;

    private static ReadOnlySpan<byte> End => "IKCFG_ED"u8;

    /// <summary>The lines of the configuration in an uncompressed kernel; null where there is none.</summary>
    public static string? Of(byte[] vmlinux)
    {
        // The mark before the data is that of gzip's first byte, too: the code that looks for it does not have it so.
        int begin = vmlinux.AsSpan().IndexOf(Begin);
        if (begin < 0)
            return null;
        begin += Begin.Length - 1;
        int length = vmlinux.AsSpan(begin).IndexOf(End);
        if (length < 0)
            return null;
        try
        {
            using var unpacked = new StreamReader(
                new GZipStream(new MemoryStream(vmlinux, begin, length), CompressionMode.Decompress)
            );
            return unpacked.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
