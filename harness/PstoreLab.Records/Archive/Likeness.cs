namespace PstoreLab.Records.Archive;

/// <summary>Whether a text is another one with some damage.</summary>
internal static class Likeness
{
    /// <summary>
    /// The first place where they are not alike; the length of the shorter where one is the beginning of the other.
    /// </summary>
    public static int FirstDifference(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    /// <summary>
    /// Whether they share half of the shorter at their ends. Two logs of one kernel do not: the times in them differ
    /// from the first lines on.
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
