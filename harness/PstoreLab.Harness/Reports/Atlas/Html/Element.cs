using System.Xml.Linq;

namespace PstoreLab.Harness.Reports.Atlas.Html;

/// <summary>The elements that several parts of the page have.</summary>
internal static class Element
{
    /// <summary>Characters of one text that the page shows; the evidence has the rest.</summary>
    public const int MostShown = 4000;

    /// <summary>An element of a class.</summary>
    public static XElement Of(string name, string style, params object?[] content) =>
        new(name, new XAttribute("class", style), content);

    /// <summary>A link within the page.</summary>
    public static XElement To(string id, params object?[] content) =>
        new("a", new XAttribute("href", $"#{id}"), content);

    /// <summary>A link to a file, relative to the page.</summary>
    /// <param name="path">Each of its names is percent-encoded, so that none is a scheme, a query or a
    /// fragment.</param>
    public static XElement ToFile(string path, string text) =>
        new("a", new XAttribute("href", string.Join('/', path.Split('/').Select(Uri.EscapeDataString))), Text(text));

    /// <summary>A text that others have written, no longer than a page bears.</summary>
    public static string Text(string text) =>
        text.Length <= MostShown
            ? text
            : $"{text.AsSpan(0, MostShown)}… and {text.Length - MostShown} characters more, which atlas.json has";
}
