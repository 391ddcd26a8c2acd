using System.Security.Cryptography;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// The digests of all that a verdict rests on, as <c>sha256sum</c> writes them: what was cut, changed, added or lost
/// since the attempt must not be taken for what a kernel did. A shorter console makes a shorter record whole.
/// </summary>
public static class EvidenceSeal
{
    private const int DigestLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Seals an attempt that is over.</summary>
    public static Task WriteAsync(Plan plan, CaseFolder folder, CancellationToken cancellation) =>
        EvidenceJson.ReplaceAsync(folder.Seal, Text(Digests(plan, folder)), cancellation);

    /// <exception cref="EvidenceException">The evidence is not what was sealed.</exception>
    public static void Verify(Plan plan, CaseFolder folder)
    {
        string text = EvidenceReader.Text(folder.Seal);
        var found = Digests(plan, folder);
        if (text == Text(found))
            return;
        var before = Read(text);
        foreach (var (name, digest) in found)
        {
            if (!before.TryGetValue(name, out string? was))
                throw new EvidenceException(Path.Combine(folder.Root, name), "was added after the attempt");
            if (was != digest)
                throw new EvidenceException(Path.Combine(folder.Root, name), "was changed after the attempt");
        }

        throw before.Keys.FirstOrDefault(name => !found.ContainsKey(name)) is { } lost
            ? new EvidenceException(Path.Combine(folder.Root, lost), "is missing")
            : new EvidenceException(folder.Seal, "does not parse: it is no list of digests");
    }

    private static OrderedDictionary<string, string> Digests(Plan plan, CaseFolder folder) =>
        new(
            EvidenceFiles
                .Of(plan, folder)
                .Select(path =>
                    KeyValuePair.Create(
                        Escaped(Path.GetRelativePath(folder.Root, path)),
                        Convert.ToHexStringLower(SHA256.HashData(EvidenceReader.Bytes(path)))
                    )
                )
        );

    private static string Text(OrderedDictionary<string, string> digests) =>
        string.Concat(digests.Select(file => $"{(file.Key.Contains('\\') ? @"\" : "")}{file.Value}  {file.Key}\n"));

    /// <summary>Digests by name, of a text that may be damaged.</summary>
    private static Dictionary<string, string> Read(string text)
    {
        var digests = new Dictionary<string, string>();
        foreach (string line in text.Split('\n').Select(line => line.TrimStart('\\')))
        {
            if (line.Length > DigestLength + 2)
                digests[line[(DigestLength + 2)..]] = line[..DigestLength];
        }

        return digests;
    }

    // A guest chooses the names of its records; sha256sum(1) has these escapes.
    private static string Escaped(string name) =>
        name.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal)
            .Replace("\r", @"\r", StringComparison.Ordinal);
}
