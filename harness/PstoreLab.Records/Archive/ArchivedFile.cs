namespace PstoreLab.Records.Archive;

/// <summary>A file below <c>/var/lib/systemd/pstore</c>.</summary>
/// <param name="Path">From the archive on, with <c>/</c> between folders, such as
/// <c>1715000008/001/dmesg.txt</c>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Who may do what with it.</param>
public sealed record ArchivedFile(string Path, ReadOnlyMemory<byte> Content, UnixFileMode Mode)
{
    /// <summary>
    /// What systemd-pstore calls the text that it puts together, in every release (<c>write_dmesg</c>,
    /// <c>append_dmesg</c> in src/pstore/pstore.c).
    /// </summary>
    public const string TextName = "dmesg.txt";

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsText => Name == TextName;
}
