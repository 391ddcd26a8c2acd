using System.Text;

namespace PstoreLab.Harness.Host;

/// <summary>
/// A folder that something is made in before it is renamed into place, beside that place so that the rename stays
/// inside one file system. Disposing it deletes what is left; a killed process leaves it behind, for
/// <see cref="Sweep"/>.
/// </summary>
public sealed class Temporary : IDisposable
{
    private const string Prefix = ".tmp-";

    /// <summary>Makes a new folder inside <paramref name="parent"/>.</summary>
    public Temporary(string parent)
    {
        Folder = Path.Combine(parent, Prefix + Path.GetRandomFileName());
        Directory.CreateDirectory(Folder);
    }

    /// <summary>Its path.</summary>
    public string Folder { get; }

    /// <summary>The temporary folders and files inside <paramref name="parent"/>, of whatever process.</summary>
    public static IEnumerable<string> In(string parent) =>
        Directory.Exists(parent) ? Directory.EnumerateFileSystemEntries(parent, Prefix + "*") : [];

    /// <summary>
    /// Deletes what killed processes left in <paramref name="parent"/>. Only for the holder of its lock.
    /// </summary>
    public static void Sweep(string parent)
    {
        foreach (var left in In(parent).ToList())
            Directory.Delete(left, recursive: true);
    }

    /// <summary>
    /// Writes a file so that readers, and a machine that lost power, see the old content or the new, never a part.
    /// </summary>
    public static void WriteWhole(string path, string text)
    {
        using var temporary = new Temporary(Path.GetDirectoryName(path)!);
        var written = Path.Combine(temporary.Folder, Path.GetFileName(path));
        File.WriteAllText(written, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        FlushToDisk(written);
        File.Move(written, path, overwrite: true);
    }

    /// <summary>Makes sure that a file's content is on disk before a rename says that it is whole.</summary>
    public static void FlushToDisk(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read);
        RandomAccess.FlushToDisk(handle);
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
