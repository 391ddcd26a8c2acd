namespace PstoreLab.Records.Salvage;

/// <summary>
/// A place in a stream of raw deflate (RFC 1951), with the codes of its block. A copy of it goes on by itself.
/// </summary>
internal struct DeflateCursor
{
    private const int EndOfBlock = 256;
    private const int LengthSymbols = 29;
    private const int DistanceSymbols = 30;

    private static readonly ushort[] Lengths =
    [
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        13,
        15,
        17,
        19,
        23,
        27,
        31,
        35,
        43,
        51,
        59,
        67,
        83,
        99,
        115,
        131,
        163,
        195,
        227,
        258,
    ];
    private static readonly byte[] LengthBits =
    [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        1,
        1,
        1,
        2,
        2,
        2,
        2,
        3,
        3,
        3,
        3,
        4,
        4,
        4,
        4,
        5,
        5,
        5,
        5,
        0,
    ];
    private static readonly ushort[] Distances =
    [
        1,
        2,
        3,
        4,
        5,
        7,
        9,
        13,
        17,
        25,
        33,
        49,
        65,
        97,
        129,
        193,
        257,
        385,
        513,
        769,
        1025,
        1537,
        2049,
        3073,
        4097,
        6145,
        8193,
        12289,
        16385,
        24577,
    ];
    private static readonly byte[] OrderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly HuffmanCode FixedLiterals = HuffmanCode.Of(
        [
            .. Enumerable.Repeat((byte)8, 144),
            .. Enumerable.Repeat((byte)9, 112),
            .. Enumerable.Repeat((byte)7, 24),
            .. Enumerable.Repeat((byte)8, 8),
        ],
        mayBeIncomplete: false
    )!;
    private static readonly HuffmanCode FixedDistances = HuffmanCode.Of(
        [.. Enumerable.Repeat((byte)5, 32)],
        mayBeIncomplete: false
    )!;

    private HuffmanCode? _distances;
    private int _stored;
    private bool _isFinal;

    /// <summary>Offset of what comes next, in bits.</summary>
    public int Bit { get; private set; }

    /// <summary>The code of literals and lengths of its block; null before a block, or in one that is stored.</summary>
    public HuffmanCode? Literals { get; private set; }

    /// <summary>The same codes at another place.</summary>
    public readonly DeflateCursor At(int bit) => this with { Bit = bit };

    /// <summary>Whether both go on alike.</summary>
    public readonly bool Equals(in DeflateCursor other) =>
        Bit == other.Bit && ReferenceEquals(Literals, other.Literals) && _stored == other._stored;

    /// <summary>Reads up to the end of a symbol, over the beginnings and ends of blocks.</summary>
    /// <returns>False at the end of the stream, and where it is broken.</returns>
    public bool TryNext(ReadOnlySpan<byte> data, out DeflateSymbol symbol, out DeflateEnd end)
    {
        symbol = default;
        end = DeflateEnd.None;
        while (true)
        {
            if (_stored > 0)
            {
                if (Bit / 8 >= data.Length)
                    return Ended(DeflateEnd.Broken, out end);
                symbol = new DeflateSymbol(Bit, data[Bit / 8], 0);
                Bit += 8;
                if (--_stored == 0 && _isFinal)
                    _stored = -1;
                return true;
            }

            if (_stored < 0)
                return Ended(DeflateEnd.Proper, out end);
            if (Literals is null)
            {
                if (!TryBegin(data))
                    return Ended(DeflateEnd.Broken, out end);
                continue;
            }

            int start = Bit;
            if (!TryCode(data, Literals, out int value) || value > EndOfBlock + LengthSymbols)
                return Ended(DeflateEnd.Broken, out end);
            if (value < EndOfBlock)
            {
                symbol = new DeflateSymbol(start, value, 0);
                return Bit <= data.Length * 8 || Ended(DeflateEnd.Broken, out end);
            }

            if (value > EndOfBlock)
            {
                if (!TryCopy(data, value - EndOfBlock - 1, out int length, out int distance))
                    return Ended(DeflateEnd.Broken, out end);
                symbol = new DeflateSymbol(start, length, distance);
                return true;
            }

            Literals = null;
            if (_isFinal)
                return Ended(Bit <= data.Length * 8 ? DeflateEnd.Proper : DeflateEnd.Broken, out end);
        }
    }

    private static bool Ended(DeflateEnd how, out DeflateEnd end)
    {
        end = how;
        return false;
    }

    private bool TryCopy(ReadOnlySpan<byte> data, int index, out int length, out int distance)
    {
        length = Lengths[index] + (int)Bits(data, LengthBits[index]);
        distance = 0;
        if (!TryCode(data, _distances!, out int code) || code >= DistanceSymbols)
            return false;
        distance = Distances[code] + (int)Bits(data, code < 2 ? 0 : (code / 2) - 1);
        return Bit <= data.Length * 8;
    }

    private bool TryBegin(ReadOnlySpan<byte> data)
    {
        if (Bit >= data.Length * 8)
            return false;
        _isFinal = Bits(data, 1) != 0;
        switch (Bits(data, 2))
        {
            case 0:
                Bit = (Bit + 7) & ~7;
                uint length = Bits(data, 16);
                if (Bits(data, 16) != (~length & 0xffff) || Bit > data.Length * 8)
                    return false;
                _stored =
                    length > 0 ? (int)length
                    : _isFinal ? -1
                    : 0;
                return true;
            case 1:
                (Literals, _distances) = (FixedLiterals, FixedDistances);
                return true;
            case 2:
                return TryCodes(data);
            default:
                return false;
        }
    }

    private bool TryCodes(ReadOnlySpan<byte> data)
    {
        int literals = (int)Bits(data, 5) + 257;
        int distances = (int)Bits(data, 5) + 1;
        int lengths = (int)Bits(data, 4) + 4;
        if (literals > EndOfBlock + 1 + LengthSymbols || distances > DistanceSymbols)
            return false;
        Span<byte> all = stackalloc byte[320];
        all.Clear();
        for (int i = 0; i < lengths; i++)
            all[OrderOfLengths[i]] = (byte)Bits(data, 3);
        if (HuffmanCode.Of(all[..19], mayBeIncomplete: false) is not { } code)
            return false;
        all.Clear();
        int at = 0;
        while (at < literals + distances)
        {
            if (!TryCode(data, code, out int value))
                return false;
            int repeated = value switch
            {
                < 16 => 1,
                16 => 3 + (int)Bits(data, 2),
                17 => 3 + (int)Bits(data, 3),
                _ => 11 + (int)Bits(data, 7),
            };
            if (at + repeated > literals + distances || (value == 16 && at == 0))
                return false;
            byte length =
                value < 16 ? (byte)value
                : value == 16 ? all[at - 1]
                : (byte)0;
            all.Slice(at, repeated).Fill(length);
            at += repeated;
        }

        // A block without an end is none.
        Literals = all[EndOfBlock] == 0 ? null : HuffmanCode.Of(all[..literals], mayBeIncomplete: false);
        _distances = HuffmanCode.Of(all.Slice(literals, distances), mayBeIncomplete: true);
        return Literals is not null && _distances is not null && Bit <= data.Length * 8;
    }

    private bool TryCode(ReadOnlySpan<byte> data, HuffmanCode code, out int symbol)
    {
        symbol = code.Decode(Peek(data), out int length);
        Bit += length;
        return symbol >= 0;
    }

    private uint Bits(ReadOnlySpan<byte> data, int count)
    {
        uint bits = Peek(data) & ((1u << count) - 1);
        Bit += count;
        return bits;
    }

    // 16 bits at least; zeros behind the end.
    private readonly uint Peek(ReadOnlySpan<byte> data)
    {
        int at = Bit / 8;
        uint bits = 0;
        for (int i = 0; i < 3 && at + i < data.Length; i++)
            bits |= (uint)data[at + i] << (8 * i);
        return bits >> (Bit % 8);
    }
}

/// <summary>A literal, or a copy of what came before.</summary>
/// <param name="Bit">Where it begins in the stream, in bits.</param>
/// <param name="Value">The literal, or the length of the copy in bytes.</param>
/// <param name="Distance">How far back the copy begins, in bytes; 0 for a literal.</param>
internal readonly record struct DeflateSymbol(int Bit, int Value, int Distance)
{
    public bool IsLiteral => Distance == 0;

    /// <summary>How many bytes come of it.</summary>
    public int Length => IsLiteral ? 1 : Value;
}

/// <summary>How the reading of a stream ended.</summary>
internal enum DeflateEnd
{
    None,

    /// <summary>At the end of the last block.</summary>
    Proper,

    /// <summary>At what no stream has.</summary>
    Broken,
}
