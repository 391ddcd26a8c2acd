namespace PstoreLab.Records.Compression;

/// <summary>Reads numbers of up to 32 bits, the highest bit first, from bytes that may end anywhere.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Number of the next bit, from 0.</summary>
    public long Position { get; private set; }

    /// <returns>False where fewer bits are left; nothing is read then.</returns>
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
