namespace PstoreLab.Records.Compression;

/// <summary>Writes numbers of up to 32 bits, the highest bit first.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> bytes = [];
    private long position;

    public void Write(uint value, int bits)
    {
        while (bits-- > 0)
        {
            if ((position & 7) == 0)
                bytes.Add(0);
            bytes[^1] |= (byte)((value >> bits & 1) << (7 - (int)(position++ & 7)));
        }
    }

    /// <summary>All bits, padded with zeros.</summary>
    /// <param name="multiple">The length becomes a multiple of this, in bytes.</param>
    public byte[] ToPaddedBytes(int multiple)
    {
        byte[] padded = new byte[(bytes.Count + multiple - 1) / multiple * multiple];
        bytes.CopyTo(padded);
        return padded;
    }
}
