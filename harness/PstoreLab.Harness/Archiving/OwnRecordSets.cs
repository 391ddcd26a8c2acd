using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Records;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// Record sets as folders, one each: <c>pstore-1/</c>, <c>pstore-2/</c> and so on, what <c>/sys/fs/pstore</c> shows at
/// each boot; <c>expected/</c>, the archive that must come of them; <c>before/</c>, what lies in the archive at first,
/// where that is something; and <c>pstore.conf</c>, where it has <c>Unlink=no</c>.
/// </summary>
public static class OwnRecordSets
{
    public const string Expected = "expected";

    private const string Before = "before";
    private const string Round = "pstore-";
    private const string Settings = "pstore.conf";

    // git keeps no empty folder, but for such a file in it.
    private static readonly string[] OfGit = [".gitkeep", ".gitignore"];

    /// <summary>The sets in a folder, in the order of their names.</summary>
    /// <exception cref="UsageException">There is none, or one lacks something.</exception>
    public static IReadOnlyList<RecordSet> Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--sets-from {folder}: there is no such folder");
        string[] sets = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        return sets.Length > 0
            ? [.. sets.Select((set, number) => ReadSet(set, number))]
            : throw new UsageException(
                $"--sets-from {folder}: no record set is in it; expected a folder for each, with {Round}1/ and "
                    + $"{Expected}/"
            );
    }

    /// <summary>Writes a set to a folder of its own, which must not be there.</summary>
    /// <param name="archive">Name and files of an archive beside the records.</param>
    public static void Write(string folder, RecordSet set, string archive, IEnumerable<ArchivedFile> files)
    {
        foreach (var (records, number) in set.Rounds.Select((records, index) => (records, index + 1)))
        {
            string store = Directory.CreateDirectory(Path.Combine(folder, $"{Round}{number}")).FullName;
            foreach (var record in records)
                File.WriteAllBytes(Path.Combine(store, record.Name.ToString()), RecordText.ToBytes(record.Content));
        }
        Write(Path.Combine(folder, archive), files);
        if (set.Foreign.Count > 0)
            Write(Path.Combine(folder, Before), set.Foreign);
        if (!set.Unlink)
            File.WriteAllText(Path.Combine(folder, Settings), "[PStore]\nUnlink=no\n");
    }

    private static void Write(string folder, IEnumerable<ArchivedFile> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in files)
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content.Span);
        }
    }

    private static RecordSet ReadSet(string folder, int number)
    {
        string[] rounds =
        [
            .. Enumerable
                .Range(1, Directory.GetDirectories(folder, $"{Round}*").Length)
                .Select(round => Path.Combine(folder, $"{Round}{round}")),
        ];
        if (rounds.Length == 0)
            throw new UsageException(
                $"{folder}: there is no {Round}1/ in it, with what /sys/fs/pstore shows at the first boot"
            );
        if (rounds.FirstOrDefault(round => !Directory.Exists(round)) is { } missing)
            throw new UsageException($"{missing}: there is no such folder, and there is one of a later boot");
        string expected = Path.Combine(folder, Expected);
        if (!Directory.Exists(expected))
            throw new UsageException(
                $"{folder}: there is no {Expected}/ in it, the archive that must come of its records; where nothing "
                    + "is archived, it is an empty folder"
            );
        string before = Path.Combine(folder, Before);
        List<IReadOnlyList<ListedRecord>> records = [.. rounds.Select(Records)];
        return new RecordSet(
            number,
            Path.GetFileName(folder),
            records.SelectMany(round => round).FirstOrDefault()?.Name.Backend ?? "none",
            records,
            Unlink(Path.Combine(folder, Settings)),
            Directory.Exists(before) ? Files(before) : []
        )
        {
            Expected = Files(expected),
        };
    }

    private static IReadOnlyList<ListedRecord> Records(string folder) =>
        [
            .. Files(folder)
                .Select(file =>
                    RecordName.TryParse(file.Path, out var name)
                        ? new ListedRecord(name, file.Content.Span)
                        : throw new UsageException(
                            $"{folder}/{file.Path}: pstore gives no such name; expected one such as "
                                + "dmesg-efi-171500000801001"
                        )
                ),
        ];

    private static IReadOnlyList<ArchivedFile> Files(string folder) =>
        [
            .. PlainTree
                .Entries(folder)
                .Where(path => !OfGit.Contains(Path.GetFileName(path)))
                .Order(StringComparer.Ordinal)
                .Select(path =>
                    FileKinds.Of(path) == FileKind.Regular
                        ? new ArchivedFile(
                            Path.GetRelativePath(folder, path),
                            File.ReadAllBytes(path),
                            File.GetUnixFileMode(path)
                        )
                        : throw new UsageException($"{path}: it is no plain file")
                ),
        ];

    /// <summary>What else is in it is settings that a set does not have, and must not look as if it had.</summary>
    private static bool Unlink(string path)
    {
        bool unlink = true;
        if (!File.Exists(path))
            return unlink;
        foreach (string line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line is "" or "[PStore]" || line[0] is '#' or ';')
                continue;
            unlink = line switch
            {
                "Unlink=yes" => true,
                "Unlink=no" => false,
                _ => throw new UsageException(
                    $"{path}: found '{VisibleText.OneLine(line)}', expected Unlink=yes or Unlink=no"
                ),
            };
        }

        return unlink;
    }
}
