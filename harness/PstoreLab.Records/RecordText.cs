using System.Text;

namespace PstoreLab.Records;

/// <summary>
/// Text of records: one character a byte (ISO 8859-1). Records are bytes, cut anywhere and perhaps damaged, and this
/// form loses none of them. <see cref="ForDisplay"/> makes it readable.
/// </summary>
public static class RecordText
{
    /// <summary>Makes a text of bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>As many characters as bytes, U+0000 to U+00FF.</returns>
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Makes bytes of a text again.</summary>
    /// <param name="text">From <see cref="FromBytes"/>. A character above U+00FF becomes a question mark.</param>
    public static byte[] ToBytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>
    /// Makes a text readable: UTF-8 is decoded; control characters, except line feed and tab, and all other bytes
    /// become <c>\xNN</c>. No record can send escape sequences to the terminal that shows it.
    /// </summary>
    /// <param name="text">From <see cref="FromBytes"/>.</param>
    public static string ForDisplay(string text)
    {
        var bytes = ToBytes(text).AsSpan();
        var shown = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && (!Rune.IsControl(rune) || rune.Value is '\n' or '\t'))
                shown.Append(rune);
            else
                foreach (var value in bytes[..length])
                    shown.Append($"\\x{value:x2}");
            bytes = bytes[length..];
        }
        return shown.ToString();
    }
}
