using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Scenarios;

/// <summary>
/// Describes a case to NUnit: its id as the test's name, what it is as categories, and every dimension as a property.
/// </summary>
internal static class CaseData
{
    public static TestCaseData Of(Case @case)
    {
        var data = new TestCaseData(@case).SetName(@case.Id).SetDescription(@case.Summary);
        foreach (string category in Categories(@case).Distinct())
            data.SetCategory(category);
        foreach (var (name, value) in Properties(@case).Distinct())
            data.SetProperty(name, value);
        return data;
    }

    private static IEnumerable<string> Categories(Case @case)
    {
        yield return @case.Family;
        yield return @case.Backend;
        foreach (string kernel in @case.Kernels)
            yield return kernel;
        if (@case.Dimensions.TryGetValue("restart", out string? restart))
            yield return restart;
        if (@case.Quick)
            yield return "Quick";
    }

    private static IEnumerable<(string Name, string Value)> Properties(Case @case) =>
        [
            ("Family", @case.Family),
            ("Scenario", @case.Scenario),
            ("Backend", @case.Backend),
            .. @case.Kernels.Select(kernel => ("Kernel", kernel)),
            .. @case.Dimensions.Select(dimension =>
                (char.ToUpperInvariant(dimension.Key[0]) + dimension.Key[1..], dimension.Value)
            ),
        ];
}
