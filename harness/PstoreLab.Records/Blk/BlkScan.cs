using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Finds out whether a file is a device under pstore_blk of which the first zones were never written, or were erased.
/// </summary>
public static class BlkScan
{
    /// <summary>Kind of the stores that are found.</summary>
    public const StoreKind Kind = StoreKind.PstoreBlk;

    private const int Step = 4096;

    /// <summary>Whether a zone begins at any multiple of 4096.</summary>
    /// <param name="stream">It is seekable, is read from its position to its end, and set back to that
    /// position.</param>
    public static bool HasZone(Stream stream)
    {
        long start = stream.Position;
        byte[] block = new byte[256 * Step];
        try
        {
            int read;
            while ((read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0)
            {
                for (int offset = 0; offset < read; offset += Step)
                {
                    if (BlkInference.TypeAt(block.AsSpan(0, read), offset) is not null)
                        return true;
                }
            }
            return false;
        }
        finally
        {
            stream.Position = start;
        }
    }
}
