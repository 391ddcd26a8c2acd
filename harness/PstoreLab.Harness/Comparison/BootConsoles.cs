using System.Globalization;
using PstoreLab.Harness.Evidence;
using PstoreLab.Records;

namespace PstoreLab.Harness.Comparison;

/// <summary>
/// The consoles of a case, by the number of the boot. Only read: <see cref="CaseFolder.Boot"/> would make the folder.
/// </summary>
internal static class BootConsoles
{
    private const string Prefix = "boot-";

    public static IReadOnlyDictionary<int, string> Of(CaseFolder folder)
    {
        var consoles = new SortedDictionary<int, string>();
        if (!Directory.Exists(folder.Root))
            return consoles;
        foreach (string boot in Directory.EnumerateDirectories(folder.Root, Prefix + "*"))
        {
            string console = new BootFolder(boot).Console;
            if (
                File.Exists(console)
                && int.TryParse(
                    Path.GetFileName(boot).AsSpan(Prefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int number
                )
            )
                consoles[number] = RecordText.FromBytes(File.ReadAllBytes(console));
        }

        return consoles;
    }
}
