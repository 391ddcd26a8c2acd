using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Runs;

/// <summary>Finds the evidence that a run has left, wherever it was copied to.</summary>
public static class EvidenceFolders
{
    /// <summary>
    /// The case folders of a run, or the one that is named, in the order of their names; attempts that were followed by
    /// another are left out.
    /// </summary>
    /// <param name="path">The folder of a run, a family in it, or one case.</param>
    /// <exception cref="UsageException">There is no case in it.</exception>
    public static IReadOnlyList<CaseFolder> In(string path)
    {
        if (!Directory.Exists(path))
            throw new UsageException(
                $"there is no folder {path}; name the folder of a run, such as out/latest, or of one of its cases"
            );
        string root = new DirectoryInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        CaseFolder[] cases =
        [
            .. CasesBelow(root)
                .Select(path => new CaseFolder(path))
                .Where(folder => folder.Root == root || !RunFolder.IsAside(folder.Root))
                .OrderBy(folder => folder.Root, StringComparer.Ordinal),
        ];
        return cases.Length > 0
            ? cases
            : throw new UsageException(
                $"{path} holds no case (no plan.json in it or below); name the folder of a run, such as out/latest"
            );
    }

    /// <summary>
    /// Folders with a plan, whatever that is. Links are not followed: one in a stranger's run may lead anywhere, or
    /// back up. A folder that cannot be looked into may be a case, and is judged to have no evidence.
    /// </summary>
    private static IEnumerable<string> CasesBelow(string folder)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (UnauthorizedAccessException)
        {
            return [folder];
        }

        return entries
            .Where(entry => entry is DirectoryInfo { LinkTarget: null })
            .SelectMany(entry => CasesBelow(entry.FullName))
            .Concat(entries.Any(entry => entry.Name == "plan.json") ? [folder] : []);
    }
}
