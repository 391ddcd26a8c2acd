using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Damages;

/// <summary>Fills a store as many crashes would that nobody ever collected.</summary>
internal static class StoreFiller
{
    // No store that can be attached holds more; a format that always found room would otherwise never end.
    private const int MaxRecords = 100_000;

    // Bytes; less than any part of a dump compresses to.
    private const int SmallestPart = 64;

    // In the past, and the same in every run.
    private static readonly DateTimeOffset FirstWrittenAt = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="RecordFormatException">Not even one fits.</exception>
    public static void Fill(byte[] store, IStoreFormat format, StoreOptions options, int size)
    {
        int written = 0;
        // Those of an earlier filling stay as they are, and where it has left no room the store is full already.
        var there = format.Decode(store, options).Records;
        bool isFull = there.Any(record =>
            record.Decompressed.Bytes.Span.IndexOf(RecordText.ToBytes(Scenarios.Fill.FillerPrefix)) >= 0
        );
        // Smaller ones into what is left: to be full is to have no room for the smallest part of a dump either.
        for (int length = size; length == size || length >= SmallestPart; length /= 2)
        {
            while (written < MaxRecords && format.Write(store, options, Filler(there.Count + written, length)))
                written++;
            if (written == 0 && !isFull)
                throw new RecordFormatException($"not one record of {size} bytes fits into the store");
        }
    }

    private static RecordToWrite Filler(int index, int size)
    {
        string text = $"{DumpReason.Panic}#1 Part1\n{Scenarios.Fill.FillerPrefix} {index + 1}\n";
        return new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes(text.PadRight(Math.Max(size, text.Length), '.')))
        {
            WrittenAt = FirstWrittenAt.AddMinutes(index),
        };
    }
}
