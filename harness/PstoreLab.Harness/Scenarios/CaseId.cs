namespace PstoreLab.Harness.Scenarios;

/// <summary>Names a case so that the name is a path and a shell word as it stands.</summary>
internal static class CaseId
{
    /// <summary>Leaves room for suffixes within the 255 bytes that a file name may have.</summary>
    public const int LongestSegment = 200;

    public static string Of(string family, string scenario, IReadOnlyDictionary<string, string> dimensions)
    {
        var id = $"{Segment(family)}/{Segment(scenario)}";
        return dimensions.Count == 0 ? id : $"{id}/{Segment(string.Join('-', dimensions.Values))}";
    }

    private static string Segment(string text)
    {
        var segment = string.Concat(
            text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-' ? c : '_')
        );
        // "." and ".." would lead out of the run's folder, and a leading dash would read as an option.
        return segment is "" or ['.' or '-', ..] ? $"_{segment.AsSpan(Math.Min(1, segment.Length))}" : segment;
    }
}
