using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// What of a record's text is known to be wrong: said in words for a heading, and marked where it is in the text.
/// </summary>
/// <param name="Where">Part of a sentence, such as <c>nothing behind byte 500 can be read</c>; null for no
/// damage.</param>
/// <param name="Text">The text with marks in brackets, one byte a character.</param>
internal sealed record DamageMarks(string? Where, ReadOnlyMemory<byte> Text)
{
    // Nine wrong bytes of 128 are beyond 16 bytes of parity: a block is shown where it still reads like text.
    private const double ShownShare = 0.9;

    public static DamageMarks Of(
        RecordName name,
        DecompressedPayload unpacked,
        IReadOnlyList<LostRange> lost,
        int unknownBlocks = 0
    )
    {
        if (unpacked.ChecksumFailed)
            return new("its checksum does not match", unpacked.Bytes);
        if (unpacked.Fault is not null)
            return Torn(name, unpacked.Bytes);
        if (lost.Count > 0 && unpacked.Method == CompressionMethod.None)
            return WithHoles(unpacked.Bytes.Span, lost);
        // A stream that comes to its end in spite of it says something else from there on.
        if (lost.Count > 0)
            return new(
                $"{lost.Sum(range => range.Length)} bytes of its compressed stream from {lost[0].Offset} on are beyond "
                    + "repair",
                unpacked.Bytes
            );
        return new(
            unknownBlocks > 0 ? $"{Wording.Many(unknownBlocks, "block")} of it beyond repair" : null,
            unpacked.Bytes
        );
    }

    private static DamageMarks Torn(RecordName name, ReadOnlyMemory<byte> text)
    {
        int end = name.Type == RecordType.Dmesg ? LogEnd.Find(text.Span) : text.Length;
        if (text.Length == 0)
            return new("nothing of it can be read", text);
        string where = $"nothing behind byte {end} of its text can be read";
        if (end == text.Length)
            return new(where, text);
        string feed = end > 0 && text.Span[end - 1] == '\n' ? "" : "\n";
        byte[] mark = RecordText.ToBytes($"{feed}[{text.Length - end} bytes that are no lines of a log]\n");
        return new(where, (byte[])[.. text.Span[..end], .. mark]);
    }

    private static DamageMarks WithHoles(ReadOnlySpan<byte> text, IReadOnlyList<LostRange> lost)
    {
        var marked = new List<byte>();
        int at = 0;
        foreach (var range in Joined(lost))
        {
            marked.AddRange(text[at..range.Offset]);
            marked.AddRange(RecordText.ToBytes($"[{range.Length} bytes beyond repair]"));
            var content = text.Slice(range.Offset, range.Length);
            if (ShareOfText(content) >= ShownShare)
            {
                marked.AddRange(content);
                marked.AddRange("[as far as here]"u8);
            }
            at = range.Offset + range.Length;
        }
        marked.AddRange(text[at..]);
        string where = string.Join(
            ", ",
            Joined(lost).Select(range => $"{range.Length} bytes beyond repair from byte {range.Offset} of its text on")
        );
        return new(where, marked.ToArray());
    }

    private static List<LostRange> Joined(IReadOnlyList<LostRange> lost)
    {
        var joined = new List<LostRange>();
        foreach (var range in lost)
        {
            if (joined is [.., var last] && last.Offset + last.Length == range.Offset)
                joined[^1] = last with { Length = last.Length + range.Length };
            else
                joined.Add(range);
        }
        return joined;
    }

    private static double ShareOfText(ReadOnlySpan<byte> bytes)
    {
        int text = 0;
        foreach (byte value in bytes)
            text += value is (>= 32 and < 127) or (byte)'\n' or (byte)'\t' ? 1 : 0;
        return (double)text / Math.Max(1, bytes.Length);
    }
}
