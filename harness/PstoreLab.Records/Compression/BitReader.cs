namespace PstoreLab.Records.Compression;

/// <summary>Reads numbers of so many bits, the highest bit first, from bytes that may end anywhere.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Of the next bit, counted from the first one.</summary>
    public long Position { get; private set; }

    /// <returns>False, and nothing is read, where fewer bits are left.</returns>
    public bool TryRead(int bits, out uint value)
    {
        value = 0;
        if (Position + bits > 8L * bytes.Length)
            return false;
        for (; bits > 0; bits--, Position++)
            value = (value << 1) | ((uint)bytes[(int)(Position >> 3)] >> (7 - (int)(Position & 7)) & 1);
        return true;
    }
}
