using System.Text.Json.Nodes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// QEMU's migration, of a machine whose memory lies in files: only the state of its devices is saved and loaded
/// (<c>x-ignore-shared</c>, QEMU 4.0 and later).
/// </summary>
internal sealed class Migration(QmpClient qmp)
{
    private readonly TaskCompletionSource<string> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes an event of QEMU.</summary>
    public void Take(string name, JsonNode? data)
    {
        if (name == "MIGRATION" && data?["status"]?.GetValue<string>() is "completed" or "failed" or "cancelled")
            _over.TrySetResult(data!["status"]!.GetValue<string>());
    }

    /// <summary>Has the machine stand still; what it has written is in its files then.</summary>
    public Task StopAsync(CancellationToken cancellation) => qmp.ExecuteAsync("stop", null, cancellation);

    /// <summary>Saves the devices of a machine that stands still.</summary>
    /// <exception cref="InfraException">QEMU cannot.</exception>
    public Task SaveAsync(string path, CancellationToken cancellation) =>
        MigrateAsync("migrate", $"cat > {ShellWords.Quote(path)}", "save", cancellation);

    /// <summary>
    /// Loads them into a machine that has not begun to run, and lets it run: it stands still, as the one did that was
    /// saved.
    /// </summary>
    /// <exception cref="InfraException">QEMU cannot; it ends.</exception>
    public async Task RestoreAsync(Checkpoint checkpoint, CancellationToken cancellation)
    {
        await MigrateAsync("migrate-incoming", $"cat {ShellWords.Quote(checkpoint.State)}", "load", cancellation);
        await qmp.ExecuteAsync("cont", null, cancellation);
    }

    /// <summary>Where devices on the PCI bus believe their memory and ports to be.</summary>
    public async Task<IReadOnlyList<PciDevice>> PciAsync(CancellationToken cancellation) =>
        PciDevice.ParseAll(await qmp.ExecuteAsync("query-pci", null, cancellation));

    private async Task MigrateAsync(string command, string shell, string what, CancellationToken cancellation)
    {
        await qmp.ExecuteAsync(
            "migrate-set-capabilities",
            new JsonObject
            {
                ["capabilities"] = new JsonArray(
                    new JsonObject { ["capability"] = "x-ignore-shared", ["state"] = true },
                    new JsonObject { ["capability"] = "events", ["state"] = true }
                ),
            },
            cancellation
        );
        await qmp.ExecuteAsync(command, new JsonObject { ["uri"] = $"exec:{shell}" }, cancellation);
        if (await _over.Task.WaitAsync(cancellation) is not "completed" and var status)
            throw new InfraException($"QEMU could not {what} the state of a checkpoint's devices: {status}");
    }
}
