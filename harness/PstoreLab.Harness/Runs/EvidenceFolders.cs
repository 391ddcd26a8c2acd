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
            : Path.GetFullPath(path);
        CaseFolder[] cases =
        [
            .. Directory
                .EnumerateFiles(root, "plan.json", SearchOption.AllDirectories)
                .Select(plan => new CaseFolder(Path.GetDirectoryName(plan)!))
                .Where(folder => folder.Root == root || !RunFolder.IsAside(folder.Root))
                .OrderBy(folder => folder.Root, StringComparer.Ordinal),
        ];
        return cases.Length > 0
            ? cases
            : throw new UsageException(
                $"{path} holds no case (no plan.json in it or below); name the folder of a run, such as out/latest"
            );
    }
}
