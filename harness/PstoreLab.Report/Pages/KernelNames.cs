using PstoreLab.Report.Content;

namespace PstoreLab.Report.Pages;

/// <summary>The kernels that a case is about: those it booted, or was to boot.</summary>
internal static class KernelNames
{
    private static readonly string[] Dimensions = ["kernel", "writer", "reader", "from", "to"];

    public static IReadOnlyList<string> Of(ReportCase one) =>
        one.Kernels.Count > 0
            ? [.. one.Kernels.Select(kernel => kernel.Name).Distinct()]
            : [.. Dimensions.Select(name => one.Dimensions.GetValueOrDefault(name)).OfType<string>().Distinct()];

    public static IReadOnlyList<string> All(IEnumerable<ReportCase> cases) =>
        [.. cases.SelectMany(Of).Distinct().Order(NaturalOrder.Instance)];

    /// <summary>6.9 comes before 6.12.</summary>
    private sealed class NaturalOrder : IComparer<string>
    {
        public static NaturalOrder Instance { get; } = new();

        public int Compare(string? x, string? y) =>
            string.Compare(
                x,
                y,
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.CompareOptions.NumericOrdering
            );
    }
}
