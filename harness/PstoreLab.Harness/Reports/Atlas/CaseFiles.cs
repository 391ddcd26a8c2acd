using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>The files of a case's evidence that are there to be looked at.</summary>
internal static class CaseFiles
{
    /// <summary>Of one folder of records; a store may hold thousands, and the folder itself is named, too.</summary>
    private const int MostRecords = 20;

    /// <param name="from">The folder that the atlas lies in.</param>
    public static IReadOnlyList<EvidenceFile> In(CaseFolder folder, string from)
    {
        if (!Directory.Exists(folder.Root))
            return [];
        IEnumerable<string> files =
        [
            .. Folders(folder, "boot-*").Select(boot => new BootFolder(boot).Console),
            .. Folders(folder, "records-*")
                .SelectMany(records =>
                    Directory.EnumerateFiles(records).Order(StringComparer.Ordinal).Take(MostRecords)
                ),
            folder.Verdict,
            folder.Repro,
            folder.Plan,
            folder.Cycle,
            .. Directory.EnumerateFiles(folder.Root, "damage-*.json").Order(StringComparer.Ordinal),
        ];
        return
        [
            .. files
                .Where(File.Exists)
                .Select(file => new EvidenceFile(
                    Path.GetRelativePath(folder.Root, file),
                    Path.GetRelativePath(from, file)
                )),
            new EvidenceFile("all files", Path.GetRelativePath(from, folder.Root) + "/"),
        ];
    }

    // boot-10 comes after boot-9.
    private static IEnumerable<string> Folders(CaseFolder folder, string pattern) =>
        Directory
            .EnumerateDirectories(folder.Root, pattern)
            .OrderBy(path => path.Length)
            .ThenBy(path => path, StringComparer.Ordinal);
}
