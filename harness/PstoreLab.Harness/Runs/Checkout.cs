using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Runs;

/// <summary>Finds the folders of a program: those of the checkout that it lies in, or those of an installed
/// one.</summary>
public static class Checkout
{
    /// <summary>The environment variable that names a checkout, for programs that lie in none.</summary>
    public const string Variable = "PSTORELAB_ROOT";

    private const string CacheVariable = "XDG_CACHE_HOME";
    private const string Program = "pstorelab";

    /// <summary>The folders of this program, unless <see cref="Variable"/> names a checkout.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static LabPaths Find() => Find(AppContext.BaseDirectory);

    /// <summary>The folders of a program in a folder, unless <see cref="Variable"/> names a checkout.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static LabPaths Find(string startFolder) => Find(startFolder, Environment.GetEnvironmentVariable);

    /// <param name="variable">An environment variable; null where it is not set.</param>
    internal static LabPaths Find(string startFolder, Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } given)
            return IsCheckout(given)
                ? new LabPaths(Path.GetFullPath(given))
                : throw new UsageException($"{Variable}={given}: there is no images/kernels.yaml in it");
        if (InstalledWith(startFolder) is { } data)
            return Installed(data, variable);
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            if (IsCheckout(folder.FullName))
                return new LabPaths(folder.FullName);
        }

        throw new UsageException($"{startFolder} is in no PstoreLab checkout; set {Variable} to one");
    }

    /// <summary>
    /// What came with an installed program: in <c>data/</c> beside it, as in a package of `dotnet tool`, or in
    /// <c>share/pstorelab</c> of what it lies in <c>lib/pstorelab</c> of. Null for a program that was not installed.
    /// </summary>
    private static string? InstalledWith(string startFolder)
    {
        string start = Path.TrimEndingDirectorySeparator(Path.GetFullPath(startFolder));
        string[] places =
        [
            Path.Combine(start, "data"),
            .. Path.GetFileName(start) == Program
                ? [Path.GetFullPath(Path.Combine(start, "..", "..", "share", Program))]
                : (string[])[],
        ];
        return places.FirstOrDefault(IsCheckout);
    }

    /// <summary>Nothing is written to what was installed: it is the system's, and shared.</summary>
    private static LabPaths Installed(string data, Func<string, string?> variable) =>
        new(data) { Cache = Path.Combine(CacheHome(variable), Program), Out = Path.GetFullPath("out") };

    // XDG Base Directory Specification: a relative path is none.
    private static string CacheHome(Func<string, string?> variable)
    {
        if (variable(CacheVariable) is ['/', ..] given)
            return given;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".cache")
            : throw new UsageException($"there is no home folder to keep kernels in; set {CacheVariable} to a folder");
    }

    private static bool IsCheckout(string folder) => File.Exists(Path.Combine(folder, "images", "kernels.yaml"));
}
