using PstoreLab.Records.Archive;

namespace PstoreLab.Records.Tests.Archive;

/// <summary>Archives as systemd-pstore leaves them, good ones and bad ones, made by hand.</summary>
internal static class MadeArchive
{
    public const ulong Second = 1_715_000_008;

    private const UnixFileMode RecordMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A dump, by ascending part.</summary>
    public static ListedRecord[] EfiDump(
        int parts,
        string reason = "Panic",
        int count = 1,
        ulong time = Second,
        string backend = "efi_pstore"
    ) =>
        [
            .. Enumerable
                .Range(1, parts)
                .Select(part =>
                    Part(
                        new RecordName("dmesg", backend, (((time * 100) + (ulong)part) * 1000) + (ulong)count),
                        reason,
                        count,
                        part
                    )
                ),
        ];

    public static ListedRecord Zone(int zone, string text = "only") =>
        Part(new RecordName("dmesg", "ramoops", (ulong)zone), "Panic", 1, 1, text);

    public static ListedRecord Part(RecordName name, string reason, int count, int part, string text = "line")
    {
        string second = $"{900 - part}".PadLeft(5);
        return new(
            name,
            $"{reason}#{count} Part{part}\n"
                + $"<6>[{second}.{name.Id % 1_000_000:d6}] {text} one of part {part}\n"
                + $"<6>[{second}.9{name.Id % 99_999:d5}] {text} two of part {part}\n"
        );
    }

    private static string Seconds(int part) => $"{900 - part}".PadLeft(5);

    public static ArchivedFile File(string folder, ListedRecord record) =>
        File($"{folder}/{record.Name}", record.Content);

    public static ArchivedFile File(string path, string content, UnixFileMode mode = RecordMode) =>
        new(path.TrimStart('/'), RecordText.ToBytes(content), mode);

    /// <summary>A <c>dmesg.txt</c> of these, in this order.</summary>
    public static ArchivedFile Text(string folder, IEnumerable<ListedRecord> records, bool labelled = false) =>
        File(
            $"{folder}/dmesg.txt",
            string.Concat(records.Select(record => (labelled ? $"{record.Name}:\n" : "") + record.Content)),
            RecordMode | UnixFileMode.GroupRead
        );

    /// <summary>What becomes of a dump where all goes well.</summary>
    public static ArchivedFile[] Ideal(string folder, IReadOnlyList<ListedRecord> dump, bool labelled = false) =>
        [.. dump.Select(record => File(folder, record)), Text(folder, dump.Reverse(), labelled)];
}
