using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Remote;

namespace PstoreLab.Harness.Evidence;

/// <summary>
/// A systemd guest at one moment: <c>/sys/fs/pstore</c>, the archive, what became of systemd-pstore.service, and what
/// it wrote into the journal of this boot. Kept as the tar archive that it came as, for owners and modes (made by
/// <c>inspect</c> in images/rootfs/initramfs/agent).
/// </summary>
/// <param name="Archive">All that is in <c>/var/lib/systemd/pstore</c>, by path relative to it.</param>
/// <param name="Unit">Properties of systemd-pstore.service, as <c>systemctl show</c> has them.</param>
/// <param name="Journal">Its entries in the journal of this boot, and systemd's about it.</param>
public sealed partial record SystemdSnapshot(
    IReadOnlyList<RemoteFile> Archive,
    IReadOnlyDictionary<string, string> Unit,
    IReadOnlyList<JournalEntry> Journal
)
{
    private const string ArchiveFolder = "archive/";
    private const string PstoreFolder = "pstore/";

    /// <summary>The records that it wrote to the journal, by their names; of several with one name the last.</summary>
    public IReadOnlyDictionary<string, byte[]> Journaled
    {
        get
        {
            var records = new Dictionary<string, byte[]>();
            foreach (var entry in Journal)
            {
                // move_file() in src/pstore/pstore.c, systemd 247 to 262.
                if (Moved().Match(entry.Message) is { Success: true } moved)
                    records[moved.Groups[1].Value] = entry.File ?? [];
            }

            return records;
        }
    }

    /// <summary>Keeps what came, and puts the files of <c>/sys/fs/pstore</c> where those of other guests lie.</summary>
    /// <exception cref="InfraException">The archive is damaged.</exception>
    /// <returns>The name pstore's backend is registered under, as the kernel has it.</returns>
    public static async Task<string> KeepAsync(
        byte[] tar,
        CaseFolder folder,
        InspectionNumber number,
        CancellationToken cancellation
    )
    {
        var files = RemoteTree.Read(new MemoryStream(tar));
        string records = Directory.CreateDirectory(folder.Records(number)).FullName;
        foreach (
            var file in files.Where(file =>
                file.Kind == RemoteFileKind.File && file.Path.StartsWith(PstoreFolder, StringComparison.Ordinal)
            )
        )
            await File.WriteAllBytesAsync(
                Path.Combine(records, Path.GetFileName(file.Path)),
                file.Content,
                cancellation
            );
        await File.WriteAllBytesAsync(folder.Systemd(number), tar, cancellation);
        return TextOf(files, "backend").Trim();
    }

    /// <summary>What an inspection has kept; null when it was none of a systemd guest, or was never made.</summary>
    /// <exception cref="EvidenceException">The archive is damaged.</exception>
    public static SystemdSnapshot? Read(CaseFolder folder, InspectionNumber number)
    {
        string path = folder.Systemd(number);
        if (!EvidenceReader.IsKept(path))
            return null;
        try
        {
            return Of(RemoteTree.Read(new MemoryStream(EvidenceReader.Bytes(path))));
        }
        catch (Exception e) when (e is JsonException or InfraException and not EvidenceException)
        {
            throw new EvidenceException(path, $"does not parse: {e.Message}", e);
        }
    }

    private static SystemdSnapshot Of(IReadOnlyList<RemoteFile> files) =>
        new(
            [
                .. files
                    .Where(file => file.Path.StartsWith(ArchiveFolder, StringComparison.Ordinal))
                    .Select(file => file with { Path = file.Path[ArchiveFolder.Length..] }),
            ],
            Properties(TextOf(files, "unit")),
            [.. TextOf(files, "journal").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JournalEntry.Parse)]
        );

    [GeneratedRegex(@"^PStore (\S+?)(?: moved to .+|\.)$")]
    private static partial Regex Moved();

    private static string TextOf(IEnumerable<RemoteFile> files, string name) =>
        files.FirstOrDefault(file => file.Path == name) is { } file
            ? Encoding.UTF8.GetString(file.Content.Span)
            // A missing property must not look like an empty one.
            : throw new InfraException($"The archive of what a systemd guest showed is damaged: it has no '{name}'");

    private static Dictionary<string, string> Properties(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
}
