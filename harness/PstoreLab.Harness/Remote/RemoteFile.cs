namespace PstoreLab.Harness.Remote;

/// <summary>A file, folder or link of a guest.</summary>
/// <param name="Path">Relative to the folder that was fetched; <c>.</c> for that folder itself.</param>
/// <param name="Mode">Permission bits with set-user-ID, set-group-ID and sticky.</param>
/// <param name="Owner">User and group, by number.</param>
/// <param name="Modified">Time of the last modification, as fine as the guest's file system has it.</param>
/// <param name="Content">A regular file's bytes; empty for anything else.</param>
/// <param name="Target">What a symbolic link points to; empty for anything else.</param>
public sealed record RemoteFile(
    string Path,
    RemoteFileKind Kind,
    UnixFileMode Mode,
    (int User, int Group) Owner,
    DateTimeOffset Modified,
    ReadOnlyMemory<byte> Content,
    string Target
)
{
    /// <summary>Size of the content, in bytes.</summary>
    public long Size => Content.Length;
}

public enum RemoteFileKind
{
    File,
    Folder,
    Link,
    Other,
}
