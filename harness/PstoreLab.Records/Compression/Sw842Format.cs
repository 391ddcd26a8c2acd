namespace PstoreLab.Records.Compression;

/// <summary>
/// What both directions of 842 share (lib/842/842.h of 5.10 and 6.1). A stream is a sequence of bits, the highest of a
/// byte first: templates of 5 bits, each followed by its arguments, up to the end template and the content's checksum;
/// zeros fill it up to a multiple of 8 bytes.
/// </summary>
/// <remarks>
/// A template below <see cref="Repeat"/> stands for 8 bytes: 25 for 8 bytes that were there before, any other for two
/// halves, the number of the first of them in <see cref="Halves"/> times 5 plus that of the second. An argument is
/// either the bytes themselves or an index of some that were there before.
/// </remarks>
internal static class Sw842Format
{
    public const int Block = 8;
    public const int TemplateBits = 5;
    public const int IndexedBlock = 25;

    /// <summary>The 8 bytes before, once more than the 6 bits behind it say.</summary>
    public const int Repeat = 0x1b;
    public const int RepeatBits = 6;
    public const int MostRepeats = 1 << RepeatBits;

    /// <summary>8 bytes of 0.</summary>
    public const int Zeros = 0x1c;

    /// <summary>
    /// 1 to 7 bytes, as the 3 bits behind it say: what is left where the content is no multiple of 8. No hardware knows
    /// it.
    /// </summary>
    public const int ShortData = 0x1d;
    public const int ShortDataBits = 3;

    public const int End = 0x1e;
    public const int ChecksumBits = 32;

    /// <summary>The ways to say 4 bytes, by their numbers in a template.</summary>
    public static IReadOnlyList<Argument[]> Halves { get; } =
    [
        [new(4, Indexed: false)],
        [new(2, Indexed: false), new(2, Indexed: true)],
        [new(2, Indexed: true), new(2, Indexed: false)],
        [new(2, Indexed: true), new(2, Indexed: true)],
        [new(4, Indexed: true)],
    ];

    /// <param name="Size">In bytes of content.</param>
    /// <param name="Indexed">Whether it is an index rather than the bytes.</param>
    public readonly record struct Argument(int Size, bool Indexed);

    /// <summary>
    /// The bits of an index of so many bytes. It counts in units of that size, in a ring of as many as it can tell
    /// apart.
    /// </summary>
    public static int IndexBits(int size) => size == 4 ? 9 : 8;

    /// <summary>How many bytes the ring holds: the last ones of all whole blocks.</summary>
    public static int Ring(int size) => size << IndexBits(size);

    /// <summary><c>crc32_be</c> of lib/crc32.c, from 0.</summary>
    public static uint Checksum(ReadOnlySpan<byte> content)
    {
        uint crc = 0;
        foreach (byte value in content)
        {
            crc ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc << 1) ^ (0x04c11db7 & (0 - (crc >> 31)));
        }

        return crc;
    }
}
