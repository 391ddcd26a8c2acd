using System.Text;

namespace PstoreLab.Records;

/// <summary>
/// Records, consoles and archives are bytes, cut anywhere and damaged on purpose, and have to be compared as such. So
/// text is held one character a byte (ISO 8859-1), which loses nothing, and becomes readable only on its way to a
/// reader.
/// </summary>
public static class RecordText
{
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <param name="text">From <see cref="FromBytes"/>; a character above U+00FF becomes a question mark.</param>
    public static byte[] ToBytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>
    /// For a person: what is UTF-8 is decoded; control characters (except line feed and tab) and bytes that are no
    /// UTF-8 are shown as <c>\xNN</c>, so that a record cannot drive the terminal that shows it.
    /// </summary>
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
