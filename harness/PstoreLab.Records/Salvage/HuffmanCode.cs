namespace PstoreLab.Records.Salvage;

/// <summary>A canonical Huffman code of deflate (RFC 1951, 3.2.2).</summary>
internal sealed class HuffmanCode
{
    /// <summary>The longest code, in bits.</summary>
    private const int Longest = 15;

    // Nearly all codes of a log are found in one step.
    private const int Quick = 10;

    private readonly ushort[] _counts = new ushort[Longest + 1];
    private readonly ushort[] _symbols;

    // Symbol in the upper bits, length in the lower four; 0 for codes that are longer.
    private readonly ushort[] _quick = new ushort[1 << Quick];

    private HuffmanCode(ReadOnlySpan<byte> lengths)
    {
        foreach (byte length in lengths)
            _counts[length]++;
        _symbols = new ushort[lengths.Length - _counts[0]];
        _counts[0] = 0;
        Span<int> next = stackalloc int[Longest + 2];
        for (int length = 1; length <= Longest; length++)
            next[length + 1] = next[length] + _counts[length];
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
                _symbols[next[lengths[symbol]]++] = (ushort)symbol;
        }

        for (int bits = 0; bits < _quick.Length; bits++)
        {
            int symbol = Slowly((uint)bits, Quick, out int length);
            if (symbol >= 0)
                _quick[bits] = (ushort)((symbol << 4) | length);
        }
    }

    /// <summary>The code of those lengths; null where they make none that zlib takes.</summary>
    /// <param name="lengths">Of each symbol's code, in bits; 0 for a symbol without one.</param>
    /// <param name="mayBeIncomplete">Whether one code of a single bit is enough, as with distances.</param>
    public static HuffmanCode? Of(ReadOnlySpan<byte> lengths, bool mayBeIncomplete)
    {
        Span<int> counts = stackalloc int[Longest + 1];
        foreach (byte length in lengths)
            counts[length]++;
        int left = 1;
        int longest = 0;
        for (int length = 1; length <= Longest; length++)
        {
            left = (left << 1) - counts[length];
            if (left < 0)
                return null;
            if (counts[length] > 0)
                longest = length;
        }

        return left == 0 || (mayBeIncomplete && longest <= 1) ? new HuffmanCode(lengths) : null;
    }

    /// <summary>The next symbol.</summary>
    /// <param name="bits">What comes, the first bit lowest.</param>
    /// <param name="length">Of its code, in bits.</param>
    /// <returns>-1 where there is no such code.</returns>
    public int Decode(uint bits, out int length)
    {
        ushort quick = _quick[bits & ((1 << Quick) - 1)];
        if (quick == 0)
            return Slowly(bits, Longest, out length);
        length = quick & 15;
        return quick >> 4;
    }

    private int Slowly(uint bits, int longest, out int length)
    {
        int code = 0;
        int first = 0;
        int index = 0;
        for (length = 1; length <= longest; length++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            int count = _counts[length];
            if (code - count < first)
                return _symbols[index + (code - first)];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return -1;
    }
}
