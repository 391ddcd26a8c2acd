using System.Diagnostics;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Guests;

/// <summary>Looks, from the host, whether a dump has reached its store while the guest still runs.</summary>
internal static class StoreWatch
{
    // The store is a megabyte or so, decoded each time.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Ends when so many live dumps of the store hold the text, or with the limit. Records of other types may have it
    /// long before: user space's go there at once.
    /// </summary>
    /// <returns>Whether they do.</returns>
    public static async Task<bool> HoldsAsync(
        string path,
        StoreKind kind,
        StoreOptions options,
        string text,
        int dumps,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        byte[] wanted = RecordText.ToBytes(text);
        for (
            long start = time.GetTimestamp();
            time.GetElapsedTime(start) < limit;
            await Task.Delay(Interval, time, cancellation)
        )
        {
            if (Holding(await ReadAsync(path, cancellation), kind, options, wanted) >= dumps)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Ends so long after the store has begun to change, or with <paramref name="end"/>. It looks without a pause, on a
    /// thread of its own: what it waits for is over in less than any timer's tick.
    /// </summary>
    /// <returns>Whether it has begun to.</returns>
    public static Task<bool> BeginsAsync(string path, TimeSpan delay, Task end, CancellationToken cancellation)
    {
        byte[] before = File.ReadAllBytes(path);
        return Task.Factory.StartNew(
            () =>
            {
                byte[] now = new byte[before.Length];
                using var store = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                bool begun = false;
                // What the guest wrote before it ended is there when its end is known.
                for (bool ended = false; !begun && !ended; cancellation.ThrowIfCancellationRequested())
                {
                    ended = end.IsCompleted;
                    begun = RandomAccess.Read(store, now, 0) != before.Length || !before.AsSpan().SequenceEqual(now);
                }

                for (
                    long start = Stopwatch.GetTimestamp();
                    Stopwatch.GetElapsedTime(start) < delay && !end.IsCompleted;

                )
                    cancellation.ThrowIfCancellationRequested();
                return begun;
            },
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private static int Holding(byte[] store, StoreKind kind, StoreOptions options, byte[] wanted)
    {
        try
        {
            return StoreFormats
                .Get(kind)
                .Decode(store, options)
                .Records.Count(record =>
                    record is { State: RecordState.Live, Name.Type: RecordType.Dmesg }
                    && record.Decompressed.Bytes.Span.IndexOf(wanted) >= 0
                );
        }
        catch (RecordFormatException)
        {
            // Half written, or nothing in it yet.
            return 0;
        }
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var store = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[store.Length];
        int length = await store.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes[..length];
    }
}
