namespace PstoreLab.Records.Archive;

/// <summary>Recognises a damaged copy of a text.</summary>
internal static class Likeness
{
    /// <summary>
    /// Index of the first difference; the length of the shorter text where it is the beginning of the other.
    /// </summary>
    public static int FirstDifference(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    /// <summary>
    /// Whether the equal beginning and end make up half of the shorter text. Two logs of one kernel are not alike:
    /// their timestamps differ from the first lines on.
    /// </summary>
    public static bool IsLike(string one, string other)
    {
        int shorter = Math.Min(one.Length, other.Length);
        int prefix = FirstDifference(one, other);
        int suffix = 0;
        while (suffix < shorter - prefix && one[^(suffix + 1)] == other[^(suffix + 1)])
            suffix++;
        return (prefix + suffix) * 2 >= shorter;
    }
}
