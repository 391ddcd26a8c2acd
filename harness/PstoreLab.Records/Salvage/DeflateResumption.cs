namespace PstoreLab.Records.Salvage;

/// <summary>
/// Where a stream can be read again behind a lost range: its codes are known, and a wrong place comes to the symbols of
/// the right one soon, or to no proper end.
/// </summary>
internal static class DeflateResumption
{
    // A symbol has 48 bits at most; a wrong place needs some symbols.
    private const int Places = 2048;
    private const int Witnesses = 48;
    private const int Settling = 64;

    // Of all paths that are held. A hostile stream has as many symbols as bits.
    private const int MostSymbols = 1 << 20;

    /// <summary>A path of symbols up to the end of the data; null where none is certain enough.</summary>
    /// <param name="data">The whole stream.</param>
    /// <param name="codes">A place in the same block, before the range.</param>
    /// <param name="from">The first bit that is there again.</param>
    /// <param name="limit">The most bytes that may come of it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static DeflatePath? Find(
        byte[] data,
        DeflateCursor codes,
        int from,
        int limit,
        CancellationToken cancellation
    )
    {
        var paths = new List<DeflatePath>();
        int held = 0;
        int end = Math.Min(from + Places, data.Length * 8);
        for (int bit = from; bit < end && paths.Count < Witnesses && held < MostSymbols; bit++)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whatever lies before the range may be copied.
            var path = DeflatePath.Read(data, codes.At(bit), int.MaxValue / 2, limit);
            if (path.IsWhole(data.Length) && path.Symbols.Count > 0)
            {
                paths.Add(path);
                held += path.Symbols.Count;
            }
        }

        if (paths.Count == 0)
            return null;
        // The place that most of those come to that begin before it.
        var last = paths[^1];
        foreach (var symbol in paths[0].Symbols)
        {
            cancellation.ThrowIfCancellationRequested();
            int begun = paths.Count(path => path.At(0).Bit <= symbol.Bit - Settling);
            int through = paths.Count(path => path.At(0).Bit <= symbol.Bit - Settling && path.HasSymbolAt(symbol.Bit));
            if (begun >= Math.Min(paths.Count, Witnesses / 4) && through * 10 >= begun * 9)
                return DeflatePath.Read(data, codes.At(symbol.Bit), int.MaxValue / 2, limit);
            if (symbol.Bit > last.At(0).Bit + (2 * Settling))
                break;
        }

        return last;
    }
}
