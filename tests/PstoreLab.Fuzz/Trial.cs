using System.Diagnostics;
using PstoreLab.Records;

namespace PstoreLab.Fuzz;

/// <summary>One input through one reader.</summary>
internal static class Trial
{
    // A store of 64 MiB is the largest that anything reads as a whole, and a decoder holds a small multiple of it.
    private const long MostAllocated = 1L << 30;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <returns>What is wrong with how the reader took it; null for nothing.</returns>
    public static string? Of(Reader reader, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            reader.Read(input);
        }
        catch (RecordFormatException)
        {
            // The one answer that damage may have.
        }
        catch (Exception fault)
        {
            return fault.ToString();
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var took = Stopwatch.GetElapsedTime(start);
        return allocated > MostAllocated && !reader.ThrowsAway
                ? $"it allocated {allocated >> 20} MiB for {input.Length} bytes"
            : took > Longest ? $"it took {took.TotalSeconds:0.0} s"
            : null;
    }
}
