using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Rootfs;

/// <summary>How the disks of systemd guests are made: the files of <c>images/rootfs/</c>.</summary>
/// <param name="Folder">The folder of the recipe.</param>
internal sealed record RootfsRecipe(string Folder)
{
    // Grows when the same recipe makes another disk.
    private const string Format = "pstorelab rootfs 1";

    /// <summary>What mmdebstrap runs, in this order, when the packages are installed.</summary>
    public IReadOnlyList<string> Hooks => [Path.Combine(Folder, "customize"), Path.Combine(Folder, "make-disk")];

    private string PackagesFile => Path.Combine(Folder, "packages");

    /// <summary>The packages beside the essential ones.</summary>
    public IReadOnlyList<string> Packages =>
        [.. File.ReadLines(PackagesFile).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>
    /// Eight bytes of a SHA-256, in hexadecimal, over all that the disk of an entry is made with, beside the packages'
    /// versions.
    /// </summary>
    /// <exception cref="InfraException">A file of the recipe is not there.</exception>
    public string Digest(RootfsEntry entry)
    {
        try
        {
            return Hash([Format, .. entry.Suites, File.ReadAllText(PackagesFile), .. Hooks.Select(File.ReadAllText)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InfraException($"{Folder}: the checkout is not whole: {e.Message}", e);
        }
    }

    /// <summary>Name of the folder for the disk that a recipe made of packages.</summary>
    public static string FolderName(string recipe, IReadOnlyDictionary<string, string> packages) =>
        Hash([
            recipe,
            .. packages
                .OrderBy(package => package.Key, StringComparer.Ordinal)
                .Select(package => $"{package.Key} {package.Value}"),
        ]);

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))).AsSpan(0, 8));
}
