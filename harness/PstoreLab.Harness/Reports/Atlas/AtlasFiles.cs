using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports.Atlas.Html;

namespace PstoreLab.Harness.Reports.Atlas;

/// <summary>The two files of an atlas.</summary>
public static class AtlasFiles
{
    public const string Html = "atlas.html";

    public const string Json = "atlas.json";

    /// <summary>Writes both; older ones are replaced.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <exception cref="UsageException">They cannot be written there.</exception>
    public static void Write(AtlasContent atlas, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, Json), AtlasJson.Text(atlas) + "\n");
            File.WriteAllText(Path.Combine(folder, Html), AtlasHtml.Text(atlas));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"the atlas cannot be written to {folder}: {e.Message}; name another folder with --out",
                e
            );
        }
    }
}
