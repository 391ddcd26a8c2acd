using System.Formats.Tar;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Remote;

/// <summary>
/// Reads files of a guest out of the tar archive that its agent made, which keeps owners and times where evidence has
/// no right to.
/// </summary>
public static class RemoteTree
{
    /// <summary>The entries, sorted by path.</summary>
    /// <param name="archive">It can tell its length.</param>
    /// <exception cref="InfraException">It is not a whole tar archive.</exception>
    public static IReadOnlyList<RemoteFile> Read(Stream archive)
    {
        try
        {
            var files = new List<RemoteFile>();
            using var tar = new TarReader(archive, leaveOpen: true);
            // It moves to where the next entry would begin, however far off that is claimed to be.
            while (tar.GetNextEntry() is { } entry)
                files.Add(Read(entry, archive.Length));
            return files.Count > 0
                ? [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]
                : throw new InvalidDataException("it is empty");
        }
        catch (Exception e)
            when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentOutOfRangeException)
        {
            throw new InfraException($"The archive of a guest's files is damaged: {e.Message}", e);
        }
    }

    private static RemoteFile Read(TarEntry entry, long most)
    {
        // A header may claim any size.
        if (entry.Length > most)
            throw new InvalidDataException($"an entry claims {entry.Length} bytes where there are {most} in all");
        byte[] content = new byte[entry.Length];
        entry.DataStream?.ReadExactly(content);
        string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        return new RemoteFile(
            path.TrimEnd('/') is { Length: > 0 } named ? named : ".",
            KindOf(entry.EntryType),
            entry.Mode,
            (entry.Uid, entry.Gid),
            entry.ModificationTime,
            content,
            entry.LinkName
        );
    }

    private static RemoteFileKind KindOf(TarEntryType type) =>
        type switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => RemoteFileKind.File,
            TarEntryType.Directory => RemoteFileKind.Folder,
            TarEntryType.SymbolicLink => RemoteFileKind.Link,
            _ => RemoteFileKind.Other,
        };
}
