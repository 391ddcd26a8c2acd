using System.Formats.Tar;
using System.Text;
using System.Text.Json;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>What an inspection of a guest with systemd brings, as a test has it.</summary>
internal sealed class MadeSystemd
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>By path in the archive.</summary>
    public Dictionary<string, MadeFile> Archive { get; } = [];

    /// <summary>By file name, what <c>/sys/fs/pstore</c> shows.</summary>
    public Dictionary<string, string> Pstore { get; } = [];

    public string Backend { get; set; } = "erst";

    public string Unit { get; set; } =
        "ActiveState=active\nSubState=exited\nResult=success\nConditionResult=yes\nExecMainStatus=0\n";

    /// <summary>Lines of <c>journalctl --output=json</c>.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>Entries that the archive lacks.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>A file as systemd-pstore makes it.</summary>
    public void Put(string path, string content) => Archive[path] = new MadeFile(content);

    /// <summary>An entry as systemd-pstore writes it where <c>Storage=external</c>.</summary>
    public void Journaled(string name, string content) =>
        Journal.Add(
            JsonSerializer.Serialize(
                new Dictionary<string, string>
                {
                    ["MESSAGE"] = $"PStore {name} moved to /var/lib/systemd/pstore/771/{name}",
                    ["FILE"] = content,
                }
            )
        );

    public byte[] Tar()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "archive/"));
            foreach (var (path, file) in Archive)
                Add(tar, $"archive/{path}", file);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "pstore/"));
            foreach (var (name, content) in Pstore)
                Add(tar, $"pstore/{name}", new MadeFile(content));
            foreach (
                var (name, content) in new[]
                {
                    ("backend", Backend + "\n"),
                    ("unit", Unit),
                    ("journal", string.Concat(Journal.Select(line => line + "\n"))),
                }
            )
            {
                if (!Missing.Contains(name))
                    Add(tar, name, new MadeFile(content));
            }
        }

        return stream.ToArray();
    }

    private static void Add(TarWriter tar, string path, MadeFile file) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, path)
            {
                Mode = file.Mode,
                Uid = file.User,
                Gid = file.Group,
                DataStream = new MemoryStream(Encoding.Latin1.GetBytes(file.Content)),
            }
        );
}

/// <param name="Content">One character a byte.</param>
internal sealed record MadeFile(string Content, UnixFileMode Mode = MadeSystemd.Private, int User = 0, int Group = 0);
