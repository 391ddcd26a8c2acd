namespace PstoreLab.Records.Compression;

/// <summary>
/// The format of 842 (lib/842/842.h of 5.10 and 6.1). A stream is a sequence of bits, the highest of a byte first:
/// templates of 5 bits, each with its arguments behind it; then the end template and the checksum of the content; then
/// zeros up to a multiple of 8 bytes.
/// </summary>
/// <remarks>
/// A template below <see cref="Repeat"/> stands for 8 bytes: 25 for 8 earlier bytes, any other for two halves. Its
/// number is 5 times the first half's number in <see cref="Halves"/> plus the second's. An argument is either the bytes
/// themselves or an index of earlier bytes.
/// </remarks>
internal static class Sw842Format
{
    public const int Block = 8;
    public const int TemplateBits = 5;
    public const int IndexedBlock = 25;

    /// <summary>The 8 bytes before, repeated: the 6 bits behind it are the number of times less one.</summary>
    public const int Repeat = 0x1b;
    public const int RepeatBits = 6;
    public const int MaxRepeats = 1 << RepeatBits;

    /// <summary>8 bytes of 0.</summary>
    public const int Zeros = 0x1c;

    /// <summary>
    /// 1 to 7 bytes, by the 3 bits behind it: the rest of a content whose length is no multiple of 8. Hardware does not
    /// implement it.
    /// </summary>
    public const int ShortData = 0x1d;
    public const int ShortDataBits = 3;

    public const int End = 0x1e;
    public const int ChecksumBits = 32;

    /// <summary>The encodings of 4 bytes, by their numbers in a template.</summary>
    public static IReadOnlyList<Argument[]> Halves { get; } =
    [
        [new(4, Indexed: false)],
        [new(2, Indexed: false), new(2, Indexed: true)],
        [new(2, Indexed: true), new(2, Indexed: false)],
        [new(2, Indexed: true), new(2, Indexed: true)],
        [new(4, Indexed: true)],
    ];

    /// <param name="Size">Bytes of content it stands for.</param>
    /// <param name="Indexed">Whether it is an index rather than the bytes.</param>
    public readonly record struct Argument(int Size, bool Indexed);

    /// <summary>
    /// Bits of an index of 2, 4 or 8 bytes. The index counts in units of that size, in a ring of all units it can
    /// number.
    /// </summary>
    public static int IndexBits(int size) => size == 4 ? 9 : 8;

    /// <summary>Bytes in the ring: the last ones of all complete blocks.</summary>
    public static int Ring(int size) => size << IndexBits(size);

    /// <summary><c>crc32_be</c> of lib/crc32.c, with the initial value 0.</summary>
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
