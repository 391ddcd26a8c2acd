using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Rootfs;

/// <summary>Checks user-supplied files of systemd guests, and copies each to the cache, under its digest.</summary>
public sealed class OwnFileImport(LabPaths paths)
{
    // The whole of it is in memory when a boot's seed is written.
    private const long Largest = 256 << 20;

    // What a ustar header holds without being cut in two.
    private const int LongestPath = 100;

    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>What the lab itself puts there, without which no guest answers.</summary>
    private static readonly string[] Ours =
    [
        "/etc/pstorelab/",
        "/etc/ssh/ssh_host_ed25519_key",
        "/root/.ssh/authorized_keys",
        "/usr/lib/pstorelab/",
    ];

    private string Root => Path.Combine(paths.Cache, "given-files");

    /// <param name="argument"><c>HOST:GUEST</c>: a file here, and its absolute path in the guest.</param>
    /// <exception cref="UsageException">There is no such file, or no guest can have one at that path.</exception>
    public OwnFile Import(string argument)
    {
        int colon = argument.LastIndexOf(":/", StringComparison.Ordinal);
        if (colon <= 0)
            throw Refused(
                argument,
                "expected HOST:GUEST, a file here and its absolute path in the guest, as in --file "
                    + "build/systemd-pstore:/usr/lib/systemd/systemd-pstore"
            );
        string host = argument[..colon];
        string guest = argument[(colon + 1)..];
        if (guest.Split('/')[1..].Any(part => part is "" or "." or "..") || guest.Any(char.IsControl))
            throw Refused(
                argument,
                $"'{VisibleText.OneLine(guest)}' is no path of a file; expected one such as /usr/bin/mine"
            );
        if (Encoding.UTF8.GetByteCount(guest) > LongestPath)
            throw Refused(argument, $"the path in the guest is longer than {LongestPath} bytes");
        if (
            Ours.FirstOrDefault(own =>
                own == guest || (own[^1] == '/' && guest.StartsWith(own, StringComparison.Ordinal))
            ) is
            { } ours
        )
            throw Refused(argument, $"PstoreLab itself needs what is at {ours} in the guest");
        if (FileKinds.OfTarget(host) != FileKind.Regular)
            throw Refused(argument, $"there is no file '{host}'");
        if (new FileInfo(host) is { Length: > Largest } file)
            throw Refused(argument, $"'{host}' has {file.Length >> 20} MiB, and {Largest >> 20} are the most");
        try
        {
            return Keep(host, guest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(argument, e.Message, e);
        }
    }

    /// <summary>Deletes all copies.</summary>
    public void Prune()
    {
        if (Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }

    private OwnFile Keep(string host, string guest)
    {
        using var temporary = new Temporary(Root);
        string copy = Path.Combine(temporary.Folder, "file");
        File.Copy(host, copy);
        string digest;
        using (var content = File.OpenRead(copy))
            digest = Convert.ToHexStringLower(SHA256.HashData(content));
        string kept = Path.Combine(Root, digest);
        File.Move(copy, kept, overwrite: true);
        return new OwnFile(guest, kept, digest, File.GetUnixFileMode(host) & Permissions);
    }

    private static UsageException Refused(string argument, string why, Exception? inner = null) =>
        new($"--file {VisibleText.OneLine(argument)}: {why}", inner);
}
