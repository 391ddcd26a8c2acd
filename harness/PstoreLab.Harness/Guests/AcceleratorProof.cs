using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Finds QEMU's accelerator by booting a guest with it. That <c>/dev/kvm</c> can be opened proves nothing: it may
/// create a machine and never run it.
/// </summary>
/// <param name="machine">The machine that it is for.</param>
/// <param name="cache">Where the answer is remembered, for this host, QEMU and kernel module.</param>
public sealed class AcceleratorProof(
    IProcessRunner runner,
    IMachine machine,
    string qemu,
    string cache,
    TimeProvider time
)
{
    /// <summary>The boot that the state budgets were found with, in seconds.</summary>
    private const double ReferenceSeconds = 2.5;

    private static readonly BootNumber FirstBoot = new(1);

    private static readonly TimeSpan TcgLimit = TimeSpan.FromSeconds(120);

    private string AnswerFile => Path.Combine(cache, $"accelerator-{machine.Name}.json");

    /// <summary>The answer that is remembered for this machine, if any.</summary>
    public Accelerator? Remembered()
    {
        try
        {
            return EvidenceJson.Read<Accelerator>(AnswerFile) is { } answer && answer.Machine == Fingerprint()
                ? answer
                : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>The accelerator to use; boots one guest per candidate when nothing is remembered.</summary>
    /// <exception cref="InfraException">Not even plain emulation boots a guest.</exception>
    public async Task<Accelerator> FindAsync(BootImage image, CancellationToken cancellation)
    {
        if (Remembered() is { } remembered)
            return remembered;
        Directory.CreateDirectory(cache);
        using var held = await Host.FileLock.AcquireAsync(AnswerFile + ".lock", cancellation);
        if (Remembered() is { } meanwhile)
            return meanwhile;
        var answer = await ProveAsync(image, cancellation);
        await EvidenceJson.WriteAsync(AnswerFile, answer, cancellation);
        return answer;
    }

    private async Task<Accelerator> ProveAsync(BootImage image, CancellationToken cancellation)
    {
        var tcg = await BootAsync("tcg", image, TcgLimit, cancellation);
        if (tcg.Seconds is not { } seconds)
            throw new InfraException($"QEMU boots no guest, not even without acceleration: {tcg.Fault}");
        string? closed = machine.WhyNotKvm;
        if (closed is not null)
            return Answer("tcg", seconds, closed);
        // The emulation separates a useless KVM from a slow one: KVM must beat it.
        var limit = TimeSpan.FromSeconds(Math.Max(5, 2 * seconds));
        var kvm = await BootAsync("kvm", image, limit, cancellation);
        return kvm.Seconds is { } faster
            ? Answer("kvm", faster, $"a guest booted under KVM in {faster:0.0} s ({seconds:0.0} s without)")
            : Answer(
                "tcg",
                seconds,
                $"/dev/kvm opens, but no guest booted under it within {limit.TotalSeconds:0} s "
                    + $"({kvm.Fault}); without it one boots in {seconds:0.0} s"
            );
    }

    private Accelerator Answer(string name, double seconds, string why) =>
        new(name, why, Math.Round(seconds, 2), Math.Clamp(seconds / ReferenceSeconds, 1, 20), Fingerprint());

    private async Task<(double? Seconds, string Fault)> BootAsync(
        string accelerator,
        BootImage image,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        string place = Path.Combine(cache, $"proof-{machine.Name}-{accelerator}-{Environment.ProcessId}");
        var folder = new CaseFolder(Directory.CreateDirectory(place).FullName);
        try
        {
            using var timeout = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
            long start = time.GetTimestamp();
            var arguments = MachineArguments.Build(
                machine,
                accelerator,
                StoreAttachment.None,
                systemd: null,
                image.Kernel.PathOf(machine.Images[0]),
                image.Initramfs,
                [],
                exitsOnReset: true
            );
            Directory.CreateDirectory(folder.Boot(FirstBoot).Root);
            try
            {
                await using var guest = await GuestMachine.StartAsync(
                    runner,
                    machine,
                    qemu,
                    arguments,
                    folder,
                    FirstBoot,
                    new SerialLine(machine, folder.Boot(FirstBoot).Agent),
                    checkpoint: null,
                    either.Token
                );
                var ready = guest.Agent.ReadyAsync(either.Token);
                var report = guest.ReportOf(FirstBoot);
                var first = await Task.WhenAny(ready, guest.Exit, report.Begun);
                if (first != ready)
                    return (null, first == guest.Exit ? "QEMU ended" : await report.Begun);
                await ready;
                return (time.GetElapsedTime(start).TotalSeconds, "");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return (
                    null,
                    File.Exists(folder.Boot(FirstBoot).Console)
                    && new FileInfo(folder.Boot(FirstBoot).Console).Length > 0
                        ? "it hung on its way"
                        : "it printed nothing"
                );
            }
            catch (InfraException e)
            {
                // One line of it is enough for a reason that is shown at the top of every run.
                return (null, e.Message.Split('\n')[0]);
            }
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>
    /// This host, this QEMU, this KVM and who may open it: when one of them changes the proof is made again.
    /// </summary>
    private string Fingerprint()
    {
        var program = new FileInfo(qemu);
        string[] modules = Directory.Exists("/sys/module") ? Directory.GetDirectories("/sys/module", "kvm*") : [];
        string kernel = File.ReadAllText("/proc/version");
        string processor =
            File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?? "";
        string text = string.Join(
            '\n',
            [
                Environment.MachineName,
                kernel,
                processor,
                $"{program.FullName} {program.Length} {program.LastWriteTimeUtc.Ticks}",
                machine.WhyNotKvm ?? "",
                .. modules.Order(StringComparer.Ordinal),
            ]
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
