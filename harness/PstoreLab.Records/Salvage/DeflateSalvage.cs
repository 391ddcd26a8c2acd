using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Salvage;

/// <summary>
/// Finds the text behind damage in a record that was compressed with deflate: raw, as since 4.17, or in a zlib
/// container (fs/pstore/platform.c, 3.11 to 4.16).
/// </summary>
public static class DeflateSalvage
{
    private const int ZlibHeader = 2;
    private const int ZlibTrailer = 4;

    // In bytes. No kernel's log buffer gives more; what does was made for it.
    private const int LargestPayload = 1 << 20;
    private const int LargestText = 2 << 20;

    /// <summary>
    /// Tries one wrong bit or byte where nothing is known to be lost, and else to read on behind what is.
    /// </summary>
    /// <param name="payload">The compressed record.</param>
    /// <param name="lost">What of it no correction could bring back.</param>
    /// <param name="cancellation">Ends it where it takes too long.</param>
    /// <returns>Null where there is nothing to reconstruct, or nothing fits.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Reconstruction? Of(
        ReadOnlyMemory<byte> payload,
        IReadOnlyList<LostRange> lost,
        CancellationToken cancellation
    )
    {
        bool container = ZlibContainer.IsAt(payload.Span);
        int start = container ? ZlibHeader : 0;
        int end = payload.Length - (container ? ZlibTrailer : 0);
        if (end <= start || end > LargestPayload)
            return null;
        byte[] data = payload[start..end].ToArray();
        var path = DeflatePath.Read(data, default, 0, LargestText);
        return lost.Count == 0
            ? Repaired(data, path, cancellation)
            : Resumed(data, path, lost[0].Offset - start, EndOf(lost) - start, cancellation);
    }

    // Blocks next to each other are one range.
    private static int EndOf(IReadOnlyList<LostRange> lost)
    {
        int end = lost[0].Offset + lost[0].Length;
        foreach (var range in lost.Skip(1).TakeWhile(range => range.Offset == end))
            end = range.Offset + range.Length;
        return end;
    }

    private static Reconstruction? Repaired(byte[] data, DeflatePath path, CancellationToken cancellation)
    {
        var found = DeflateRepair.FindByText(data, path, LargestText, cancellation);
        if (found.Count == 0 && !path.IsWhole(data.Length))
            found = DeflateRepair.Find(data, path, LargestText, cancellation);
        var texts = found
            .Select(one => (Stream: one, Text: one.TextBehind(path)))
            .Select(one => (one.Stream, one.Text, Score: LogScore.Of(one.Text)))
            .OrderByDescending(one => one.Score.Value)
            .ToList();
        if (texts.Count == 0 || texts[0].Score.Good == 0)
            return null;
        var best = texts[0];
        int rivals = texts.Count(one =>
            one.Score.Value == best.Score.Value && !one.Text.AsSpan().SequenceEqual(best.Text)
        );
        string what =
            System.Numerics.BitOperations.PopCount(best.Stream.Difference) == 1
                ? $"bit {System.Numerics.BitOperations.Log2(best.Stream.Difference)} of byte {best.Stream.At}"
                : $"byte {best.Stream.At}, 0x{data[best.Stream.At]:x2},";
        string how =
            $"with {what} of the stream taken for wrong, it ends where the record does, and its text is a log"
            + (rivals > 0 ? $"; {rivals} other readings fit as well" : "");
        return new Reconstruction(how, best.Text, best.Text.Length, 0, 0, rivals == 0);
    }

    private static Reconstruction? Resumed(
        byte[] data,
        DeflatePath path,
        int lostAt,
        int again,
        CancellationToken cancellation
    )
    {
        if (lostAt < 0 || again >= data.Length)
            return null;
        int last = 0;
        while (last + 1 < path.Symbols.Count && path.Before(last + 1).Bit <= lostAt * 8)
            last++;
        // Without a symbol the codes of the block are not known.
        if (last == 0)
            return null;
        var resumed = DeflateResumption.Find(data, path.At(last - 1), again * 8, LargestText, cancellation);
        if (resumed is null)
            return null;
        byte[] before = path.Text([], last);
        int stands = (int)((again - lostAt) * (double)(before.Length + resumed.Length) / data.Length);
        int gap = GapLength.Find(before, resumed.Symbols, stands, cancellation, out bool isClear);
        int[] after = new int[resumed.Length];
        if (!GapLength.TryWrite(before, resumed.Symbols, gap, after))
            return null;
        // The time of the last line before it says something of those behind.
        int[] all = [.. before.Select(value => (int)value), .. after];
        int inferred = LinePrefixes.Fill(all, cancellation);
        int guessed = LostWords.Fill(all, before.Length, Vocabulary.Lines, cancellation);
        after = all[before.Length..];
        var text = new List<byte>(before);
        text.AddRange(RecordText.ToBytes($"[about {gap} bytes of text lost]"));
        foreach (int value in after)
        {
            if (value >= 0)
                text.Add((byte)value);
            else
                text.AddRange("\ufffd"u8);
        }
        int unknown = after.Count(value => value < 0);
        return new Reconstruction(
            $"bytes {lostAt} to {again - 1} of the stream are lost; it was read on behind them, and what is copied "
                + "out of them is not known"
                + (inferred > 0 ? $", but for {inferred} bytes that the form of the lines shows" : "")
                + (guessed > 0 ? $"; {guessed} letters are guessed, by the same words elsewhere" : ""),
            text.ToArray(),
            before.Length + after.Length - unknown - inferred - guessed,
            inferred + guessed,
            unknown,
            isClear && guessed == 0
        );
    }
}
