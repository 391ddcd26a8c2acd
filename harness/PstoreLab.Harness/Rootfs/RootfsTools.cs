using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Rootfs;

/// <summary>What of the host a systemd guest is made with.</summary>
public static class RootfsTools
{
    private static readonly (string Package, string Program)[] Needed =
    [
        ("mmdebstrap", "mmdebstrap"),
        ("e2fsprogs", "mke2fs"),
        ("qemu-utils", "qemu-img"),
        ("dpkg", "dpkg-query"),
        ("kmod", "depmod"),
        ("openssh-client", "ssh-keygen"),
    ];

    // As an ordinary user, mmdebstrap becomes root of a user namespace of its own (newuidmap(1)).
    private static readonly (string Package, string Program)[] NeededUnprivileged = [("uidmap", "newuidmap")];

    /// <summary>The Debian packages that are missing; none when systemd guests can be made and reached.</summary>
    public static IReadOnlyList<string> MissingPackages =>
        [
            .. Needed
                .Concat(Environment.IsPrivilegedProcess ? [] : NeededUnprivileged)
                .Where(need => HostProgram.Find(need.Program) is null)
                .Select(need => need.Package),
        ];

    /// <exception cref="UnsupportedException">Something is missing; says what to install.</exception>
    public static void Require(string name)
    {
        if (MissingPackages is { Count: > 0 } missing)
        {
            throw new UnsupportedException(
                $"The systemd guest {name} is made here, and this machine lacks what that takes. Install it "
                    + $"(on Debian and Ubuntu: apt install {string.Join(' ', missing)})."
            );
        }
    }
}
