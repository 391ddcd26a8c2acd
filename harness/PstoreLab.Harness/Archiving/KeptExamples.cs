using System.Text.Json;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Writes example sets to a folder, for somebody to look at: the records of each boot, the archive made of them, and
/// what is wrong with it.
/// </summary>
public static class KeptExamples
{
    /// <summary>
    /// Writes <c>RELEASE/PROPERTY-CAUSE/</c> for each cause of a report; folders of that name are replaced.
    /// </summary>
    public static void Write(string folder, ReleaseReport report)
    {
        foreach (var property in report.Properties)
        {
            string name = JsonNamingPolicy.KebabCaseLower.ConvertName($"{property.Property}");
            foreach (var cause in property.Causes)
            {
                string example = $"{name}-{cause.Known?.Id ?? "not-known"}";
                Write(Path.Combine(folder, report.Release, example), report, cause);
            }
        }
    }

    private static void Write(string folder, ReleaseReport report, CauseReport cause)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var set = cause.Example.Set;
        OwnRecordSets.Write(folder, set, "archive", cause.Example.Archive);
        string[] known = cause.Known is { } entry
            ? [$"{entry.Id}, which `pstorelab list --bugs {entry.Id}` describes"]
            : ["not known"];
        File.WriteAllLines(
            Path.Combine(folder, "faults.txt"),
            [
                $"{report.Release}, systemd {report.Version ?? "of unknown version"}",
                $"{set}",
                .. known,
                "",
                .. Properties
                    .FaultsOf(cause.Example)
                    .Select(fault => VisibleText.OneLine($"{fault.Property}: {fault.Text}")),
            ]
        );
    }
}
