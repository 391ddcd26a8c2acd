using System.Globalization;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// The folder of one run: <c>results.jsonl</c> and the other reports, and <c>cases/</c> with a folder per case.
/// </summary>
public sealed record RunFolder(string Root)
{
    private const string CasesName = "cases";
    public const string LatestName = "latest";
    private const string AsideMark = ".attempt-";

    public string Cases => Path.Combine(Root, CasesName);

    public string In(string name) => Path.Combine(Root, name);

    public string RelativeTo(string path) => Path.GetRelativePath(Root, path);

    public CaseFolder Case(string id) => new(Path.Combine(Cases, id));

    /// <summary>Where the evidence of an attempt goes that is followed by another.</summary>
    public static string PreviousAttempt(string caseFolder, int attempt) => $"{caseFolder}{AsideMark}{attempt}";

    /// <summary>Whether a folder holds such an attempt.</summary>
    public static bool IsAside(string folder) => Path.GetFileName(folder).Contains(AsideMark, StringComparison.Ordinal);

    /// <summary>A new folder named after the time, which <c>latest</c> then points at.</summary>
    public static RunFolder Create(string parent, TimeProvider time)
    {
        parent = Directory.CreateDirectory(parent).FullName;
        string stem = time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        // Two runs of one second cannot both rename to the same name, because what is there already is not empty.
        string fresh = Path.Combine(parent, $".{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path.Combine(fresh, CasesName));
        for (int n = 1; ; n++)
        {
            string name = n == 1 ? stem : $"{stem}-{n}";
            string root = Path.Combine(parent, name);
            if (!TryRename(fresh, root))
                continue;
            PointLatestAt(parent, name);
            return new RunFolder(root);
        }
    }

    private static bool TryRename(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (IOException) when (Directory.Exists(to))
        {
            return false;
        }
    }

    // The link is renamed into place: whoever looks at "latest" finds this run or one before, never nothing. Inside the
    // run its target does not exist, which File.Move needs: it refuses a link to a folder that is there.
    private static void PointLatestAt(string parent, string name)
    {
        string latest = Path.Combine(parent, LatestName);
        string link = Path.Combine(parent, name, LatestName);
        File.CreateSymbolicLink(link, name);
        try
        {
            File.Move(link, latest, overwrite: true);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException
                && new DirectoryInfo(latest) is { Exists: true, LinkTarget: null }
            )
        {
            // Somebody made a folder of that name.
            File.Delete(link);
        }
    }
}
