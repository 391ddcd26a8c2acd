namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>A record beside the console.</summary>
/// <param name="Before">Lines of the console in front of the record's first.</param>
/// <param name="Lines">From there on, in order.</param>
internal sealed record LineAlignment(int Before, IReadOnlyList<AlignedLine> Lines)
{
    /// <summary>The last lines of a console, none of which is in a record.</summary>
    /// <param name="most">How many at most.</param>
    public static LineAlignment WithoutRecord(ConsoleTail console, int most)
    {
        int from = Math.Max(0, console.Needed - most);
        return new LineAlignment(from, [.. LineContinuation.Of(console.Lines, from, console.Needed, [], 0)]);
    }
}
