namespace PstoreLab.Harness.Scenarios;

/// <summary>The name that a misspelt one was probably meant to be.</summary>
public static class Nearest
{
    // A word of two letters is near to everything; one beyond this length was not mistyped, and the comparison is
    // quadratic.
    private const int ShortestWord = 3;
    private const int LongestWord = 100;

    /// <summary>
    /// The candidate within a third of the word's length in typing errors; null when nothing is that near.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        if (word.Length is < ShortestWord or > LongestWord)
            return null;
        string? nearest = null;
        var best = word.Length / 3 + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) >= best)
                continue;
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < best)
                (nearest, best) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>
    /// Of many names the few that look most like a word: those that contain it first, then those with the fewest typing
    /// errors between.
    /// </summary>
    public static IReadOnlyList<string> Few(string word, IEnumerable<string> candidates)
    {
        const int few = 5;
        return word.Length > LongestWord
            ? [.. candidates.Take(few)]
            :
            [
                .. candidates
                    .OrderBy(candidate => !candidate.Contains(word, StringComparison.OrdinalIgnoreCase))
                    .ThenBy(candidate => Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant()))
                    .ThenBy(candidate => candidate, StringComparer.Ordinal)
                    .Take(few),
            ];
    }

    /// <summary>Says that a name is unknown, which ones are known, and which was probably meant.</summary>
    public static string Unknown(string what, string found, IReadOnlyCollection<string> known)
    {
        // As many as a glance takes in; of more the nearest.
        const int listed = 16;
        var expected =
            known.Count == 0 ? "none"
            : known.Count <= listed ? string.Join(", ", known)
            : $"{string.Join(", ", Few(found, known))}, …";
        var meant = To(found, known);
        return $"unknown {what} {Quote(found)}, expected {(known.Count > 1 ? "one of " : "")}{expected}"
            + (meant is null ? "" : $"; did you mean '{meant}'?");
    }

    /// <summary>A value as a message shows it: on one line and not endless.</summary>
    public static string Quote(string value)
    {
        const int longest = 60;
        var shown = string.Concat(value.Take(longest).Select(c => char.IsControl(c) ? '·' : c));
        return value.Length > longest ? $"'{shown}…'" : $"'{shown}'";
    }

    /// <summary>Damerau–Levenshtein, in the variant that edits no substring twice.</summary>
    private static int Distance(string a, string b)
    {
        var costs = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            costs[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            costs[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                costs[i, j] = Math.Min(costs[i - 1, j - 1] + change, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[a.Length, b.Length];
    }
}
