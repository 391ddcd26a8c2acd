using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Runs;

/// <summary>Finds the checkout that a program belongs to.</summary>
public static class Checkout
{
    /// <summary>The environment variable that names a checkout, for programs that lie in none.</summary>
    public const string Variable = "PSTORELAB_ROOT";

    /// <summary>The checkout that this program lies in, unless <see cref="Variable"/> names another.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static LabPaths Find() => Find(AppContext.BaseDirectory);

    /// <summary>The checkout that a folder lies in, unless <see cref="Variable"/> names another.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static LabPaths Find(string startFolder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return IsCheckout(given)
                ? new LabPaths(Path.GetFullPath(given))
                : throw new UsageException($"{Variable}={given}: there is no images/kernels.yaml in it");
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            if (IsCheckout(folder.FullName))
                return new LabPaths(folder.FullName);
        }

        throw new UsageException($"{startFolder} is in no PstoreLab checkout; set {Variable} to one");
    }

    private static bool IsCheckout(string folder) => File.Exists(Path.Combine(folder, "images", "kernels.yaml"));
}
