namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// Puts what the user supplied in the place of what a scenario's dimensions name: kernels in that of
/// <c>kernel</c>, <c>writer</c> and <c>reader</c>, systemd guests in that of <c>systemd</c>. Every cell in which one
/// takes a part is made: of a pair of writer and reader the one, the other, and both.
/// </summary>
internal static class Substitution
{
    /// <summary>
    /// The cells with something in place, each with the cell that it came from; a cell comes once for each of those.
    /// </summary>
    public static IEnumerable<(Cell Cell, Cell From)> Of(IReadOnlyList<Cell> cells, Vocabulary vocabulary)
    {
        (string Dimension, IReadOnlyList<string> Values)[] all =
        [
            .. KernelDimensions.Names.Select(name => (name, vocabulary.InPlace)),
            (DimensionMatch.Systemd, vocabulary.SystemdInPlace),
        ];
        return cells.SelectMany(cell =>
            Choices(
                    all.Where(place => place.Values.Count > 0 && cell.Dimensions.ContainsKey(place.Dimension)).ToArray()
                )
                .Where(chosen => chosen.Count > 0)
                .Select(chosen => (cell.With(chosen), cell))
        );
    }

    /// <summary>Every way to put one of the values, or none, in each of the places.</summary>
    private static IEnumerable<Dictionary<string, string>> Choices(
        ReadOnlyMemory<(string Dimension, IReadOnlyList<string> Values)> places
    )
    {
        if (places.IsEmpty)
            return Enumerable.Repeat(new Dictionary<string, string>(), 1);
        var (dimension, values) = places.Span[0];
        return Choices(places[1..])
            .SelectMany(rest =>
                values.Select(value => new Dictionary<string, string>(rest) { [dimension] = value }).Prepend(rest)
            );
    }
}
