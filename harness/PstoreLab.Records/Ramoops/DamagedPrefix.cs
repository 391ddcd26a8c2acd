using System.Globalization;
using System.Numerics;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// The line before a dump with some wrong bits in it: a kernel reads no prefix there, and the dump behind it is intact.
/// </summary>
/// <param name="Length">Length of the line, in bytes.</param>
/// <param name="Compressed">Whether the record is compressed; null where the flag is damaged.</param>
/// <param name="WrittenAt">Time of writing; null where a digit is damaged.</param>
internal readonly record struct DamagedPrefix(int Length, bool? Compressed, DateTimeOffset? WrittenAt)
{
    // Wrong bits of the whole line.
    private const int MaxWrongBits = 4;

    // No time since 1970 has more digits of seconds.
    private const int MaxDigits = 11;

    private const int MicrosecondDigits = 6;

    /// <summary>Finds the line that differs from the bytes in the fewest bits.</summary>
    /// <returns>Null where none is near, or the line has no wrong bit.</returns>
    public static DamagedPrefix? Read(ReadOnlySpan<byte> data)
    {
        int mark = 0;
        if (data.Length < 4)
            return null;
        foreach (byte value in data[..4])
            mark += Wrong(value, (byte)'=');
        if (mark > MaxWrongBits)
            return null;
        int best = MaxWrongBits + 1,
            bestDigits = 0;
        for (int digits = 1; digits <= MaxDigits; digits++)
        {
            int wrong = mark + Tail(data[4..], digits);
            if (wrong < best)
                (best, bestDigits) = (wrong, digits);
        }
        if (best is 0 or > MaxWrongBits)
            return null;
        var seconds = data.Slice(4, bestDigits);
        var microseconds = data.Slice(4 + bestDigits + 1, MicrosecondDigits);
        int flag = 4 + bestDigits + 1 + MicrosecondDigits + 1;
        return new DamagedPrefix(
            flag + 2,
            data[flag] switch
            {
                (byte)'C' => true,
                (byte)'D' => false,
                _ => null,
            },
            long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
            && int.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out int rest)
                ? DateTimeOffset.FromUnixTimeSeconds(whole).AddMicroseconds(rest)
                : null
        );
    }

    // SECONDS.MICROSECONDS-C\n
    private static int Tail(ReadOnlySpan<byte> line, int digits)
    {
        if (line.Length < digits + MicrosecondDigits + 4)
            return MaxWrongBits + 1;
        int wrong = 0;
        foreach (byte value in line[..digits])
            wrong += WrongDigit(value);
        wrong += Wrong(line[digits], (byte)'.');
        line = line[(digits + 1)..];
        foreach (byte value in line[..MicrosecondDigits])
            wrong += WrongDigit(value);
        return wrong
            + Wrong(line[MicrosecondDigits], (byte)'-')
            + Math.Min(Wrong(line[MicrosecondDigits + 1], (byte)'C'), Wrong(line[MicrosecondDigits + 1], (byte)'D'))
            + Wrong(line[MicrosecondDigits + 2], (byte)'\n');
    }

    private static int Wrong(byte value, byte expected) => BitOperations.PopCount((uint)(value ^ expected));

    private static int WrongDigit(byte value)
    {
        int wrong = 8;
        for (byte digit = (byte)'0'; digit <= (byte)'9'; digit++)
            wrong = Math.Min(wrong, Wrong(value, digit));
        return wrong;
    }
}
