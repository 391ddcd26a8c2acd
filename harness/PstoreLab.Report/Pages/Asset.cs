using System.Security.Cryptography;
using System.Text;

namespace PstoreLab.Report.Pages;

/// <summary>The page's own style and script, and what its policy calls them.</summary>
internal sealed record Asset(string Text)
{
    public static Asset Style { get; } = Read("report.css");

    public static Asset Script { get; } = Read("report.js");

    /// <summary>As a policy names it (https://www.w3.org/TR/CSP3/#grammardef-hash-source).</summary>
    public string Hash => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    private static Asset Read(string name)
    {
        using var reader = new StreamReader(typeof(Asset).Assembly.GetManifestResourceStream(name)!);
        return new Asset(reader.ReadToEnd());
    }
}
