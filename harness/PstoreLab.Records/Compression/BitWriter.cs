namespace PstoreLab.Records.Compression;

/// <summary>Writes numbers of so many bits, the highest bit first.</summary>
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

    /// <summary>All of it, filled up with zeros.</summary>
    /// <param name="multiple">Of so many bytes.</param>
    public byte[] Filled(int multiple)
    {
        byte[] filled = new byte[(bytes.Count + multiple - 1) / multiple * multiple];
        bytes.CopyTo(filled);
        return filled;
    }
}
