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
    /// <exception cref="InfraException">It is not a whole tar archive.</exception>
    public static IReadOnlyList<RemoteFile> Read(Stream archive)
    {
        try
        {
            var files = new List<RemoteFile>();
            using var tar = new TarReader(archive, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
                files.Add(Read(entry));
            return files.Count > 0
                ? [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]
                : throw new InvalidDataException("it is empty");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InfraException($"The archive of a guest's files is damaged: {e.Message}", e);
        }
    }

    private static RemoteFile Read(TarEntry entry)
    {
        using var content = new MemoryStream();
        entry.DataStream?.CopyTo(content);
        string path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        return new RemoteFile(
            path.TrimEnd('/') is { Length: > 0 } named ? named : ".",
            KindOf(entry.EntryType),
            entry.Mode,
            (entry.Uid, entry.Gid),
            entry.ModificationTime,
            content.ToArray(),
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
