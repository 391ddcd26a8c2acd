namespace PstoreLab.Records.Archive;

/// <summary>A file below <c>/var/lib/systemd/pstore</c>.</summary>
/// <param name="Path">Path relative to the archive, with <c>/</c> between folders:
/// <c>1715000008/001/dmesg.txt</c>.</param>
/// <param name="Content">All bytes of the file.</param>
/// <param name="Mode">Its permissions.</param>
public sealed record ArchivedFile(string Path, ReadOnlyMemory<byte> Content, UnixFileMode Mode)
{
    /// <summary>
    /// Name of the text that systemd-pstore assembles (<c>write_dmesg</c> and <c>append_dmesg</c> in
    /// src/pstore/pstore.c, 247 to 262).
    /// </summary>
    public const string TextName = "dmesg.txt";

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether it is a <c>dmesg.txt</c>.</summary>
    public bool IsText => Name == TextName;
}
