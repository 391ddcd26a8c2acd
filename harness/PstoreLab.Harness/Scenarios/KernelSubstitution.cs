namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// Puts kernels that the user brought along in the place of those that a scenario's dimensions <c>kernel</c>, <c>writer</c> and <c>reader</c>
/// name. Every cell in which one takes a part is made: of a pair of writer and reader the one, the other, and both.
/// </summary>
internal static class KernelSubstitution
{
    private static readonly string[] Dimensions = [.. KernelDimensions.Names];

    /// <summary>The cells with the kernels in place, each with the cell that it came from; a cell comes once for each of those.</summary>
    public static IEnumerable<(Cell Cell, Cell From)> Of(IReadOnlyList<Cell> cells, IReadOnlyList<string> kernels) =>
        from cell in cells
        let places = Dimensions.Where(cell.Dimensions.ContainsKey).ToArray()
        from chosen in Choices(places, kernels)
        where chosen.Count > 0
        select (cell.With(chosen), cell);

    /// <summary>Every way to put one of the kernels, or none, in each of the places.</summary>
    private static IEnumerable<Dictionary<string, string>> Choices(ReadOnlyMemory<string> places, IReadOnlyList<string> kernels)
    {
        if (places.IsEmpty)
            return [[]];
        var place = places.Span[0];
        return Choices(places[1..], kernels).SelectMany(rest =>
            kernels.Select(kernel => new Dictionary<string, string>(rest) { [place] = kernel }).Prepend(rest));
    }
}
