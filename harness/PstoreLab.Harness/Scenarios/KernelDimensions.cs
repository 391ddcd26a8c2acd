namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// The dimensions of a case that name a kernel, and what a case is called apart from some of its dimensions.
/// </summary>
public static class KernelDimensions
{
    /// <summary>
    /// The names that mean a kernel, as <c>--filter kernel=…</c> and every condition understand them.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["kernel", "writer", "reader"];

    /// <summary>The kernel dimensions that this case really has.</summary>
    public static IReadOnlyList<string> Of(Case @case) => [.. Names.Where(@case.Dimensions.ContainsKey)];

    /// <summary>The id that cells have in common which differ in nothing but these dimensions.</summary>
    public static string IdWithout(Case @case, IEnumerable<string> dimensions) =>
        IdWithout(@case.Family, @case.Scenario, @case.Dimensions, dimensions);

    /// <summary>The same from the parts of an id.</summary>
    public static string IdWithout(
        string family,
        string scenario,
        IReadOnlyDictionary<string, string> cell,
        IEnumerable<string> dimensions
    )
    {
        // No OrderedDictionary survives a Where, and the id is made of the values in their order.
        var left = new OrderedDictionary<string, string>(cell.Where(dimension => !dimensions.Contains(dimension.Key)));
        return CaseId.Of(family, scenario, left);
    }
}
