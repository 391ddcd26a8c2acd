using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// Reads evidence, which may be a stranger's: plain files of a length that evidence can have. Nothing is made, no link
/// is followed, and no pipe or device is opened.
/// </summary>
public static class EvidenceReader
{
    /// <summary>More than a console, a store, or an answer of a guest may have.</summary>
    public const long Limit = 512L << 20;

    /// <summary>Entries of a folder; a store has some thousand records at most.</summary>
    private const int MostEntries = 100_000;

    /// <summary>Whether a file was kept.</summary>
    /// <exception cref="EvidenceException">Something that is no plain file is there.</exception>
    public static bool IsKept(string path) => Is(FileKind.Regular, path);

    /// <summary>Whether a folder was kept.</summary>
    /// <exception cref="EvidenceException">Something that is no folder is there.</exception>
    public static bool IsFolderKept(string path) => Is(FileKind.Folder, path);

    /// <summary>The length of a file, which must be there.</summary>
    /// <exception cref="EvidenceException">It is not, or is too long to be evidence.</exception>
    public static long Length(string path)
    {
        if (!IsKept(path))
            throw new EvidenceException(path, "is missing");
        long length = new FileInfo(path).Length;
        return length <= Limit ? length : throw new EvidenceException(path, $"has {length} bytes, more than {Limit}");
    }

    /// <summary>A file, which must be there.</summary>
    /// <exception cref="EvidenceException">It is not, or cannot be read.</exception>
    public static byte[] Bytes(string path)
    {
        _ = Length(path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A file in UTF-8, which must be there.</summary>
    /// <exception cref="EvidenceException">It is not, or cannot be read.</exception>
    public static string Text(string path) => Encoding.UTF8.GetString(Bytes(path));

    /// <summary>The names in a folder that was kept, in their order.</summary>
    /// <exception cref="EvidenceException">It is not there, or cannot be read.</exception>
    public static IReadOnlyList<string> Names(string folder)
    {
        if (!IsFolderKept(folder))
            throw new EvidenceException(folder, "is missing");
        try
        {
            string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Take(MostEntries + 1)];
            return names.Length <= MostEntries
                ? [.. names.Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)]
                : throw new EvidenceException(folder, $"has more than {MostEntries} files");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(folder, $"cannot be read: {e.Message}", e);
        }
    }

    private static bool Is(FileKind wanted, string path)
    {
        // A case has no folders in its folders, so what lies above its parent is the reader's own.
        string parent = Path.GetDirectoryName(path) is { Length: > 0 } above ? above : ".";
        if (KindOf(parent) is var around and not FileKind.Folder)
            return around == FileKind.Missing ? false : throw new EvidenceException(parent, Words(around));
        var kind = KindOf(path);
        return kind == wanted || (kind == FileKind.Missing ? false : throw new EvidenceException(path, Words(kind)));
    }

    private static FileKind KindOf(string path)
    {
        try
        {
            return FileKinds.Of(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EvidenceException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static string Words(FileKind kind) =>
        kind switch
        {
            FileKind.Link => "is a link, which evidence never is",
            FileKind.Folder => "is a folder",
            FileKind.Regular => "is no folder",
            _ => "is a pipe, a socket or a device",
        };
}
