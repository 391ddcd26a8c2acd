using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Packages;

/// <summary>A Debian binary package of a certain version, as an archive's index describes it.</summary>
/// <param name="Depends">Its <c>Depends</c> field as it stands; empty when it has none.</param>
public sealed partial record Package(string Name, string Version, string Depends)
{
    /// <summary>Size of its file in the archive; 0 where the index does not say.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// Names of the packages that hold the rest of a kernel. Since 7.x <c>linux-image-*</c> is empty, and vmlinuz,
    /// modules and the configuration are in packages of their own.
    /// </summary>
    public IEnumerable<string> KernelParts => KernelPart().Matches(Depends).Select(match => match.Groups["name"].Value);

    /// <summary>Reads the stanzas that <c>apt-cache show</c> prints.</summary>
    public static IReadOnlyList<Package> ParseAll(string text) =>
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(Parse)
                .Where(package => package.Name.Length > 0),
        ];

    private static Package Parse(string stanza)
    {
        // A continued field's further lines begin with a space; none of these is ever continued in an index.
        var fields = stanza
            .Split('\n')
            .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && line.Contains(':'))
            .Select(line => line.Split(':', 2))
            .ToDictionary(field => field[0], field => field[1].Trim());
        return new Package(
            fields.GetValueOrDefault("Package", ""),
            fields.GetValueOrDefault("Version", ""),
            fields.GetValueOrDefault("Depends", "")
        )
        {
            Bytes = long.TryParse(
                fields.GetValueOrDefault("Size"),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out long bytes
            )
                ? bytes
                : 0,
        };
    }

    [GeneratedRegex(@"(?<=^|,\s*)(?<name>linux-(?:binary|modules|base)-[0-9][^\s,|(]*)(?=\s|,|$)")]
    private static partial Regex KernelPart();
}
