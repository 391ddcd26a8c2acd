namespace PstoreLab.Report.Content;

/// <summary>Ids of a page's elements, which other pages may link: the same case has the same one in each run.</summary>
internal static class Anchors
{
    public static string OfCase(string id) => $"case/{Clean(id)}";

    public static string OfBug(string name) => $"bug/{Clean(name)}";

    public static string OfFirstDifference(string id) => $"diff/{Clean(id)}";

    // HTML allows all but blanks in an id.
    private static string Clean(string name) => string.Concat(name.Select(one => one <= ' ' ? '_' : one));
}
