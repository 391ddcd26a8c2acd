namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>Numbers in sentences.</summary>
internal static class Numbers
{
    public static string Of(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
