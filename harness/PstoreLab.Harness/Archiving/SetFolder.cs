using PstoreLab.Harness.Host;
using PstoreLab.Records;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>A record set as files: <c>pstore/</c>, what the archiver finds, and <c>archive/</c>.</summary>
/// <param name="path">Of the folder.</param>
internal sealed class SetFolder(string path)
{
    private const UnixFileMode StoreMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private string Store => Path.Combine(path, "pstore");

    private string Archive => Path.Combine(path, "archive");

    /// <summary>Makes the folder, with what is in the archive before the first round.</summary>
    public void Create(IEnumerable<ArchivedFile> foreign)
    {
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Archive);
        foreach (var file in foreign)
            Write(Path.Combine(Archive, file.Path), file.Content.Span, file.Mode);
    }

    /// <summary>Puts a listing into the store; what a round before left there is gone.</summary>
    public void Place(IEnumerable<ListedRecord> listing)
    {
        foreach (string file in Directory.GetFiles(Store))
            File.Delete(file);
        foreach (var record in listing)
            Write(Path.Combine(Store, record.Name.ToString()), RecordText.ToBytes(record.Content), StoreMode);
    }

    /// <summary>The records that are in the store.</summary>
    public IReadOnlyList<ListedRecord> Left() =>
        [
            .. from file in Directory.GetFiles(Store).Order(StringComparer.Ordinal)
            where RecordName.TryParse(Path.GetFileName(file), out _) && IsPlain(file)
            select new ListedRecord(RecordName.Parse(Path.GetFileName(file)), File.ReadAllBytes(file)),
        ];

    /// <summary>What somebody has put into store or archive that can be in neither, by its path in the set.</summary>
    public IReadOnlyList<string> Strays() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(Store)
                .Where(entry => !IsPlain(entry) || !RecordName.TryParse(Path.GetFileName(entry), out _))
                .Concat(PlainTree.Entries(Archive).Where(entry => !IsPlain(entry)))
                .Select(entry => Path.GetRelativePath(path, entry))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>All that is in the archive.</summary>
    public IReadOnlyList<ArchivedFile> Archived() =>
        [
            .. PlainTree
                .Entries(Archive)
                .Where(IsPlain)
                .Order(StringComparer.Ordinal)
                .Select(file => new ArchivedFile(
                    Path.GetRelativePath(Archive, file),
                    File.ReadAllBytes(file),
                    File.GetUnixFileMode(file)
                )),
        ];

    public void Delete()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static bool IsPlain(string path) => FileKinds.Of(path) == FileKind.Regular;

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, mode);
    }
}
