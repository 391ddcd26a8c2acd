namespace PstoreLab.Records.Salvage;

/// <summary>A stream as far as it can be read: its symbols, and how to go on from each.</summary>
internal sealed class DeflatePath
{
    // The end of one block and the header of the next come before the first symbol of that.
    private readonly List<DeflateCursor> _before = [];
    private readonly List<DeflateCursor> _at = [];
    private readonly List<int> _outputs = [];
    private readonly Dictionary<int, int> _indexOfBit = [];

    private DeflatePath() { }

    public List<DeflateSymbol> Symbols { get; } = [];

    /// <summary>How it ended.</summary>
    public DeflateEnd End { get; private set; }

    /// <summary>Where it ended, in bits.</summary>
    public int EndBit { get; private set; }

    /// <summary>Bytes that come of all symbols.</summary>
    public int Length { get; private set; }

    /// <summary>Whether it ends where the data ends.</summary>
    public bool IsWhole(int bytes) => End == DeflateEnd.Proper && (EndBit + 7) / 8 == bytes;

    /// <summary>
    /// Where the reading of a symbol began, before the header of its block; that of the one behind the last is where it
    /// ended.
    /// </summary>
    public DeflateCursor Before(int symbol) => _before[symbol];

    /// <summary>Where a symbol begins, with the codes of its block.</summary>
    public DeflateCursor At(int symbol) => _at[symbol];

    /// <summary>Bytes that come of the symbols before one.</summary>
    public int LengthBefore(int symbol) => symbol < _outputs.Count ? _outputs[symbol] : Length;

    /// <summary>The symbol that begins at a place; -1 for none.</summary>
    public int IndexOf(in DeflateCursor cursor) =>
        _indexOfBit.TryGetValue(cursor.Bit, out int index) && _at[index].Equals(cursor) ? index : -1;

    /// <summary>Whether a reading that comes to this place goes on as this one did.</summary>
    public bool Takes(in DeflateCursor cursor) => IndexOf(cursor) >= 0 || _before[^1].Equals(cursor);

    /// <summary>Whether a symbol begins at a bit.</summary>
    public bool HasSymbolAt(int bit) => _indexOfBit.ContainsKey(bit);

    /// <summary>The symbol that gives a byte of the text, or the last.</summary>
    /// <param name="output">Offset of the byte.</param>
    public int SymbolAt(int output)
    {
        int index = _outputs.BinarySearch(output);
        return Math.Max(0, index >= 0 ? index : ~index - 1);
    }

    /// <summary>The text of its first symbols.</summary>
    /// <param name="history">The text before it.</param>
    /// <param name="symbols">How many symbols.</param>
    /// <returns>History and text.</returns>
    public byte[] Text(ReadOnlySpan<byte> history, int symbols)
    {
        byte[] text = new byte[history.Length + LengthBefore(symbols)];
        history.CopyTo(text);
        int at = history.Length;
        foreach (var symbol in Symbols.Take(symbols))
        {
            if (symbol.IsLiteral)
                text[at++] = (byte)symbol.Value;
            else
                for (int copied = 0; copied < symbol.Value; copied++, at++)
                    text[at] = text[at - symbol.Distance];
        }
        return text;
    }

    /// <summary>Reads on.</summary>
    /// <param name="data">The whole stream.</param>
    /// <param name="cursor">Where it begins.</param>
    /// <param name="history">Bytes that are there already; no copy begins before them.</param>
    /// <param name="limit">The most bytes that may come of it.</param>
    public static DeflatePath Read(ReadOnlySpan<byte> data, DeflateCursor cursor, int history, int limit)
    {
        var path = new DeflatePath();
        while (true)
        {
            var before = cursor;
            path._before.Add(before);
            if (!cursor.TryNext(data, out var symbol, out var end))
            {
                path.End = end;
                break;
            }

            if (symbol.Distance > history + path.Length || path.Length + symbol.Length > limit)
            {
                path.End = DeflateEnd.Broken;
                break;
            }

            // Behind the header of a block the codes are known.
            path._at.Add(cursor.Literals is null ? before : cursor.At(symbol.Bit));
            path._indexOfBit[path._at[^1].Bit] = path.Symbols.Count;
            path._outputs.Add(path.Length);
            path.Symbols.Add(symbol);
            path.Length += symbol.Length;
        }

        path.EndBit = cursor.Bit;
        return path;
    }
}
