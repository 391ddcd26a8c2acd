using System.Net;
using System.Net.Sockets;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Makes what one boot of a systemd guest needs and no other one has: its disk, its keys, its seed, its port.
/// </summary>
internal static class SystemdBoot
{
    /// <returns>Where the guest will answer.</returns>
    /// <exception cref="Faults.InfraException">qemu-img or ssh-keygen is missing or failed.</exception>
    public static async Task<RemoteHost> PrepareAsync(
        IProcessRunner runner,
        PlannedSystemd guest,
        CaseFolder folder,
        BootNumber boot,
        CancellationToken cancellation
    )
    {
        string disk = Path.Combine(folder.Root, guest.Disk);
        string under = Path.GetRelativePath(Path.GetDirectoryName(disk)!, Path.Combine(folder.Root, guest.Under));
        await RootfsOverlay.CreateAsync(runner, disk, under, guest.UnderFormat, cancellation);
        var client = await SshKey.CreateAsync(runner, folder.Boot(boot).ClientKey, cancellation);
        var host = await SshKey.CreateAsync(runner, folder.Boot(boot).HostKey, cancellation);
        GuestSeed
            .ForSsh(host.PrivateFile, client.Public)
            .With(guest.Files.ToDictionary(file => file.Key, file => new SeedFile(file.Value)))
            .Write(Path.Combine(folder.Root, guest.Seed));
        return new RemoteHost(FreePort(), "root", client, host);
    }

    // Somebody else may take it before QEMU does; QEMU then says so, and the case is tried again.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
