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
    /// <param name="checkpoint">The one that stands for the boot, whose disk, keys and seed it has; null for a machine
    /// that boots.</param>
    /// <returns>Where the guest will answer.</returns>
    /// <exception cref="Faults.InfraException">qemu-img or ssh-keygen is missing or failed.</exception>
    public static async Task<RemoteHost> PrepareAsync(
        IProcessRunner runner,
        PlannedSystemd guest,
        CaseFolder folder,
        BootNumber boot,
        Checkpoint? checkpoint,
        CancellationToken cancellation
    )
    {
        string disk = Path.Combine(folder.Root, guest.Disk);
        string seed = Path.Combine(folder.Root, guest.Seed);
        var (clientKey, hostKey) = (folder.Boot(boot).ClientKey, folder.Boot(boot).HostKey);
        if (checkpoint is not null)
        {
            // Copies: the guest goes on to write, and later boots have this disk under theirs. The path in it is
            // relative to the case folder, which is alike in each.
            foreach (var (own, kept) in Kept(guest, folder, boot, checkpoint))
                File.Copy(kept, own, overwrite: true);
            return new RemoteHost(
                FreePort(),
                "root",
                await SshKey.ReadAsync(clientKey, cancellation),
                await SshKey.ReadAsync(hostKey, cancellation)
            );
        }

        string under = Path.GetRelativePath(Path.GetDirectoryName(disk)!, Path.Combine(folder.Root, guest.Under));
        await RootfsOverlay.CreateAsync(runner, disk, under, guest.UnderFormat, cancellation);
        // There may be some of a checkpoint that QEMU did not take, and ssh-keygen would ask.
        File.Delete(clientKey);
        File.Delete(hostKey);
        var client = await SshKey.CreateAsync(runner, clientKey, cancellation);
        var host = await SshKey.CreateAsync(runner, hostKey, cancellation);
        GuestSeed
            .ForSsh(host.PrivateFile, client.Public)
            .With(guest.Files.ToDictionary(file => file.Key, file => new SeedFile(file.Value)))
            .With((guest.OwnFiles ?? []).ToDictionary(own => own.Path, own => SeedFileOf(own, folder)))
            .Write(seed);
        return new RemoteHost(FreePort(), "root", client, host);
    }

    private static SeedFile SeedFileOf(PlannedOwnFile own, CaseFolder folder) =>
        new(File.ReadAllBytes(Path.Combine(folder.Root, own.File)), (UnixFileMode)Convert.ToInt32(own.Mode, 8));

    /// <summary>Keeps what one boot had for a checkpoint of it; the machine has ended.</summary>
    public static void Keep(PlannedSystemd guest, CaseFolder folder, BootNumber boot, Checkpoint checkpoint)
    {
        foreach (var (own, kept) in Kept(guest, folder, boot, checkpoint))
            File.Copy(own, kept);
    }

    private static IEnumerable<(string Own, string Kept)> Kept(
        PlannedSystemd guest,
        CaseFolder folder,
        BootNumber boot,
        Checkpoint checkpoint
    )
    {
        var (client, host) = (folder.Boot(boot).ClientKey, folder.Boot(boot).HostKey);
        return
        [
            (Path.Combine(folder.Root, guest.Disk), checkpoint.Disk),
            (Path.Combine(folder.Root, guest.Seed), checkpoint.Seed),
            (client, checkpoint.ClientKey),
            (client + ".pub", checkpoint.ClientKey + ".pub"),
            (host, checkpoint.HostKey),
            (host + ".pub", checkpoint.HostKey + ".pub"),
        ];
    }

    // Somebody else may take it before QEMU does; QEMU then says so, and the case is tried again.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
