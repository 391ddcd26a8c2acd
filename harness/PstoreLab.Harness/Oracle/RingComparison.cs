using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Compares the content of a ring with all that was written to it: byte for byte, and the first bytes may be missing
/// only where the ring is full.
/// </summary>
internal static class RingComparison
{
    /// <summary>
    /// Every way in which it is not the last bytes that were written, each as a sentence; empty when it is.
    /// </summary>
    /// <param name="written">From the first byte to the last, one character a byte.</param>
    /// <param name="kept">In the order of writing; it may begin in the middle of a line.</param>
    /// <param name="full">Whether the ring had no room left.</param>
    public static IEnumerable<string> Faults(string written, string kept, bool full)
    {
        if (kept.Length == 0)
            yield return "the record is empty";
        else if (!written.EndsWith(kept, StringComparison.Ordinal))
            yield return Difference(written, kept);
        else if (kept.Length < written.Length && !full)
            yield return $"the first {written.Length - kept.Length} bytes of {written.Length} are missing, although "
                + "the ring had room for more";
    }

    private static string Difference(string written, string kept)
    {
        int at = written.LastIndexOf(kept, StringComparison.Ordinal);
        if (at >= 0)
            return $"the last {written.Length - at - kept.Length} bytes are missing, ending with "
                + $"\"{LineAt(written, written.Length - 1)}\"";
        int alike = 0;
        while (alike < kept.Length && alike < written.Length && kept[^(alike + 1)] == written[^(alike + 1)])
            alike++;
        string before = alike == 0 ? "it ends with" : $"only its last {alike} bytes match: before them it has";
        return $"{before} \"{LineAt(kept, kept.Length - alike - 1)}\", and what was written has "
            + $"\"{LineAt(written, written.Length - alike - 1)}\"";
    }

    /// <summary>The line that holds the character, for a person; empty in front of the first.</summary>
    private static string LineAt(string text, int index)
    {
        if (index < 0)
            return "";
        int start = index == 0 ? 0 : text.LastIndexOf('\n', index - 1) + 1;
        int end = text.IndexOf('\n', index);
        return RecordText.ForDisplay(text[start..(end < 0 ? text.Length : end)]);
    }
}
