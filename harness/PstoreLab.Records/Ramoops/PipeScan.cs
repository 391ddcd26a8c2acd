using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Scans a stream that can be read once. From the first zone header on, it keeps twice the size of the largest area.
/// </summary>
internal static class PipeScan
{
    private const int MaxKept = 2 * RamoopsScan.MaxAreaLength;

    public static IEnumerable<(RamoopsArea Area, DecodedStore Store)> DecodeAll(Stream stream, StoreOptions options)
    {
        byte[] window = new byte[2 * RamoopsScan.BlockSize];
        // Offset of the window in the stream, and number of its bytes that are filled.
        long offset = 0;
        int filled = 0;
        bool ended = false;
        while (!ended || filled > 0)
        {
            int first = RamoopsScan.FirstHeader(window.AsSpan(0, filled));
            if (first < 0)
            {
                if (ended)
                    yield break;
                // A header may lie across the end.
                Drop(Math.Max(0, filled - RamoopsScan.Context + 1));
                Fill(RamoopsScan.BlockSize);
                continue;
            }

            Drop(first);
            while (!ended && filled < MaxKept)
                Fill(Math.Min(Math.Max(filled, RamoopsScan.BlockSize), MaxKept - filled));
            int done = ended ? filled : RamoopsScan.MaxAreaLength;
            using var kept = new MemoryStream(window, 0, filled, writable: false);
            foreach (var area in RamoopsScan.Find(kept, options))
            {
                // The area may continue behind the window: the next round finds it again.
                if (!ended && area.Offset >= RamoopsScan.MaxAreaLength)
                    break;
                var store = RamoopsScan.Decode(kept, area);
                done = Math.Max(done, (int)(area.Offset + area.Length));
                yield return (area with { Offset = offset + area.Offset }, store);
            }
            Drop(done);
        }

        void Drop(int count)
        {
            window.AsSpan(count, filled - count).CopyTo(window);
            filled -= count;
            offset += count;
        }

        void Fill(int count)
        {
            if (filled + count > window.Length)
                Array.Resize(ref window, Math.Min(MaxKept, Math.Max(2 * window.Length, filled + count)));
            int read = stream.ReadAtLeast(window.AsSpan(filled, count), count, throwOnEndOfStream: false);
            filled += read;
            ended = read < count;
        }
    }
}
