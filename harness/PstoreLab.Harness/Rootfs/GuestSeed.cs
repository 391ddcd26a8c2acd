using System.Formats.Tar;
using System.Text;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// The files that a case gives a systemd guest before its systemd starts: keys, and whatever else is configured.
/// A tar archive that the guest sees as a disk of its own and unpacks over its root, at every boot.
/// </summary>
/// <param name="Files">Absolute path in the guest to what is there; the owner is root.</param>
public sealed record GuestSeed(IReadOnlyDictionary<string, SeedFile> Files)
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What makes a guest known to us, and us to it.</summary>
    /// <param name="hostKeyFile">Path of the private key of the guest's SSH server.</param>
    /// <param name="clientKey">The public key that may log in as root, as in <c>authorized_keys</c>.</param>
    public static GuestSeed ForSsh(string hostKeyFile, string clientKey) =>
        new(
            new Dictionary<string, SeedFile>
            {
                ["/etc/ssh/ssh_host_ed25519_key"] = new(File.ReadAllText(hostKeyFile), OnlyOwner),
                ["/root/.ssh/authorized_keys"] = new(clientKey + "\n", OnlyOwner),
            }
        );

    /// <summary>The same with more files, or others in the place of some.</summary>
    public GuestSeed With(IReadOnlyDictionary<string, SeedFile> more) =>
        new(Files.Concat(more).GroupBy(file => file.Key).ToDictionary(file => file.Key, file => file.Last().Value));

    /// <summary>
    /// Writes the archive; its size is a multiple of 512 bytes, so that it can be a disk. It has files only: the guest
    /// makes the folders it lacks, and those that are there keep their modes.
    /// </summary>
    public void Write(string path)
    {
        using var output = new FileStream(path, FileMode.Create, FileAccess.Write);
        using var tar = new TarWriter(output, TarEntryFormat.Ustar);
        foreach (var (name, file) in Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            using var content = new MemoryStream(file.Bytes.ToArray());
            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.RegularFile, name.TrimStart('/'))
                {
                    Mode = file.Mode,
                    DataStream = content,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                }
            );
        }
    }
}

/// <summary>A file of a seed.</summary>
/// <param name="Bytes">Its content.</param>
public sealed record SeedFile(ReadOnlyMemory<byte> Bytes, UnixFileMode Mode)
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="content">A text.</param>
    public SeedFile(string content, UnixFileMode mode = Readable)
        : this(Encoding.UTF8.GetBytes(content), mode) { }
}
