using System.Buffers.Binary;

namespace PstoreLab.Records.Compression;

/// <summary>
/// Deflate in a zlib container (RFC 1950), as kernels 3.11 to 4.16 compress records: method and window in one byte, a
/// byte that makes both a multiple of 31, raw deflate, and the Adler-32 of the text, big-endian.
/// </summary>
internal static class ZlibContainer
{
    private const int HeaderLength = 2;
    private const int ChecksumLength = 4;
    private const int DeflateMethod = 8;

    /// <summary>A dictionary would follow, which no kernel has.</summary>
    private const int HasDictionary = 0x20;

    /// <summary>
    /// Whether a container begins at the first byte. One of a thousand random payloads looks so, too.
    /// </summary>
    public static bool IsAt(ReadOnlySpan<byte> payload) =>
        payload.Length > HeaderLength
        && (payload[0] & 0xf) == DeflateMethod
        && payload[0] >> 4 <= DeflateEncoder.WidestWindow - 8
        && (payload[1] & HasDictionary) == 0
        && BinaryPrimitives.ReadUInt16BigEndian(payload) % 31 == 0;

    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    public static Attempt Decompress(ReadOnlyMemory<byte> payload, int limit)
    {
        if (!IsAt(payload.Span))
            return new(CompressionMethod.Zlib, default, 0, AttemptEnd.Damaged, "no zlib container begins with it");
        var attempt = DeflateDecoder.Decompress(payload, limit, HeaderLength) with { Method = CompressionMethod.Zlib };
        if (!attempt.Ended)
            return attempt;
        int end = attempt.Consumed;
        if (payload.Length - end < ChecksumLength)
            return attempt with
            {
                Consumed = payload.Length,
                End = AttemptEnd.ChecksumFailed,
                Fault = "the checksum behind its text is cut off: nothing shows whether all of it is right",
            };
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(payload.Span[end..]);
        uint found = Adler32(attempt.Output.Span);
        attempt = attempt with { Consumed = end + ChecksumLength };
        return stored == found
            ? attempt
            : attempt with
            {
                End = AttemptEnd.ChecksumFailed,
                Fault =
                    $"the checksum of its text is 0x{found:x8} and should be 0x{stored:x8}: some of the text is wrong",
            };
    }

    /// <param name="content">Any bytes.</param>
    /// <param name="windowBits">9 to 15.</param>
    /// <param name="zlib">The system's zlib. Without it the widest window alone is there.</param>
    /// <exception cref="NotSupportedException">This window needs zlib, and it is not on this machine.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> content, int windowBits, SystemLibrary zlib)
    {
        byte[] stream = DeflateEncoder.Compress(content, windowBits, zlib);
        byte[] container = new byte[HeaderLength + stream.Length + ChecksumLength];
        int header = ((windowBits - 8) << 12) | (DeflateMethod << 8);
        BinaryPrimitives.WriteUInt16BigEndian(container, (ushort)(header + 31 - (header % 31)));
        stream.CopyTo(container, HeaderLength);
        BinaryPrimitives.WriteUInt32BigEndian(container.AsSpan(HeaderLength + stream.Length), Adler32(content));
        return container;
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint largestPrime = 65521;
        uint sum = 1,
            sums = 0;
        foreach (byte value in bytes)
        {
            sum = (sum + value) % largestPrime;
            sums = (sums + sum) % largestPrime;
        }
        return (sums << 16) | sum;
    }
}
