namespace PstoreLab.Harness.Evidence;

/// <summary>
/// Copies a store without writing its empty stretches: stores are mostly zeros, and a run keeps several of each case.
/// </summary>
internal static class SparseCopy
{
    private const int BlockSize = 4096;

    public static async Task CopyAsync(string source, string destination, CancellationToken cancellation)
    {
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var to = new FileStream(destination, FileMode.Create, FileAccess.Write);
        var block = new byte[BlockSize];
        for (
            int read;
            (read = await from.ReadAtLeastAsync(block, BlockSize, throwOnEndOfStream: false, cancellation)) > 0;

        )
        {
            if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
                await to.WriteAsync(block.AsMemory(0, read), cancellation);
            else
                to.Seek(read, SeekOrigin.Current);
        }

        to.SetLength(to.Position);
    }
}
