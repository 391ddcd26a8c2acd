using System.Globalization;
using System.IO.Compression;
using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Replays;

/// <summary>
/// A guest that reads one store after another without a boot in between: the host rewrites the store under it, and the
/// backend is taken away and given back.
/// </summary>
internal sealed class ReplayGuest : IAsyncDisposable
{
    private const string AnswersName = "answers";
    private static readonly BootNumber Boot = new(1);

    private readonly Plan _plan;
    private readonly CaseFolder _folder;
    private readonly GuestMachine _guest;
    private readonly StateWait _wait;
    private readonly ReplayAnswers _answers;
    private readonly byte[] _image;
    private Task<byte[]> _program = Task.FromResult<byte[]>([]);

    private ReplayGuest(Plan plan, CaseFolder folder, GuestMachine guest, StateWait wait, ReplayAnswers answers)
    {
        (_plan, _folder, _guest, _wait, _answers) = (plan, folder, guest, wait, answers);
        _image = new byte[plan.Store.Size];
    }

    /// <summary>How a kernel of that plan reads its store again; null where it cannot.</summary>
    public static Rereading? HowOf(Plan plan, IReadOnlyCollection<string> modules) =>
        BackendCatalogue.Get(plan.Backend).Reread(modules);

    /// <summary>Boots it, up to where it waits for the first store.</summary>
    /// <param name="program">The file of the program that it runs.</param>
    /// <param name="folder">Where its evidence goes.</param>
    /// <exception cref="GuestFaultException">The kernel cannot be brought so far.</exception>
    /// <exception cref="InfraException">QEMU or the host cannot.</exception>
    public static async Task<ReplayGuest> StartAsync(
        IProcessRunner runner,
        string qemu,
        StateBudget budget,
        TimeProvider time,
        Plan plan,
        Rereading how,
        string program,
        CaseFolder folder,
        CancellationToken cancellation
    )
    {
        var machine = MachineCatalogue.Get(plan.Machine);
        // Its first store is an empty one.
        plan = plan with
        {
            Store = plan.Store with { Given = null },
        };
        await Staging.PrepareAsync(plan, folder, cancellation);
        Directory.CreateDirectory(folder.Boot(Boot).Root);
        var answers = new ReplayAnswers(Path.Combine(folder.Root, AnswersName), time);
        GuestMachine? guest = null;
        try
        {
            var boot = plan.Boots[0];
            var on = (PowerOn)boot.Steps[0];
            var booting = new StateWait(budget.Of(CycleState.Booting), time);
            guest = await booting.ForHostAsync(
                "QEMU to connect its channels",
                token =>
                    GuestMachine.StartAsync(
                        runner,
                        machine,
                        qemu,
                        [.. on.Machine, .. Shared()],
                        folder,
                        Boot,
                        new SerialLine(machine, folder.Boot(Boot).Agent),
                        checkpoint: null,
                        token
                    ),
                cancellation
            );
            await booting.UndisturbedAsync("the agent", guest, Boot, guest.Agent.ReadyAsync, cancellation);
            var wait = new StateWait(budget.Of(CycleState.Ready), time);
            var ready = new ReplayGuest(plan, folder, guest, wait, answers);
            await ready.BeginAsync(boot, how, program, cancellation);
            return ready;
        }
        catch
        {
            if (guest is not null)
                await guest.DisposeAsync();
            answers.Dispose();
            throw;
        }
    }

    /// <summary>The store's bytes as the kernel found them last.</summary>
    public byte[] Image => _image;

    /// <summary>Has the kernel read a store.</summary>
    /// <param name="content">Its bytes; what the store has more is blank.</param>
    /// <exception cref="GuestFaultException">The kernel died of it, or never came back.</exception>
    /// <exception cref="InfraException">QEMU or the host failed.</exception>
    public async Task<ReplayAnswer> ReadAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        _image.AsSpan().Fill(_plan.Store.Blank);
        content.CopyTo(_image);
        using (var store = File.OpenHandle(_folder.Store, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(store, _image, 0);
        return await _wait.UndisturbedAsync("the kernel to read a store", _guest, Boot, AnswerAsync, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _answers.EndGuest();
        await _guest.DisposeAsync();
        _answers.Dispose();
    }

    private async Task<ReplayAnswer> AnswerAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answer = _answers.AskAsync(stop.Token);
        if (await Task.WhenAny(answer, _program) == answer)
            return await answer;
        await stop.CancelAsync();
        throw new InfraException(
            $"the program that reads stores in the guest ended: {Encoding.UTF8.GetString(await _program).Trim()}"
        );
    }

    private async Task BeginAsync(PlannedBoot boot, Rereading how, string program, CancellationToken cancellation)
    {
        foreach (var ask in boot.Steps.OfType<Ask>())
            await AskAsync(ask.Request, cancellation);
        foreach (var note in boot.Steps.OfType<NoteBackend>())
            await AskAsync(note.Request, cancellation);
        // The program hands over what the kernel says. On the console only what it dies of matters.
        await AskAsync(new AgentRequest.Run("echo 1 >/proc/sys/kernel/printk"), cancellation);
        _program = _guest.Agent.AskAsync(new AgentRequest.Run(Command(how, boot, program)), cancellation);
    }

    private Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation) =>
        _wait.UndisturbedAsync(
            $"`{request}`",
            _guest,
            Boot,
            token => _guest.Agent.AskAsync(request, token),
            cancellation
        );

    private static string Command(Rereading how, PlannedBoot boot, string program)
    {
        string words = how switch
        {
            Rereading.Rebind rebind => ShellWords.Join(["rebind", rebind.Driver, rebind.Device]),
            Rereading.Reload reload => ShellWords.Join([
                "reload",
                reload.Disk ?? "-",
                reload.Module,
                $"/lib/modules/{reload.Module}.ko",
                string.Join(' ', ParametersOf(reload.Module, boot)),
            ]),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
        // 1af4:1110 is the device that shares memory (docs/specs/ivshmem-spec.rst of QEMU).
        return $"""
            for device in /sys/bus/pci/devices/*; do
              [ "$(cat "$device/vendor" "$device/device")" != "$(printf '0x1af4\n0x1110')" ] || break
            done
            echo 1 >"$device/enable"
            echo {Packed(program)} | base64 -d | gunzip >/tmp/replay && chmod +x /tmp/replay || exit
            exec /tmp/replay "$device/resource2" {words}
            """;
    }

    private static IReadOnlyList<string> ParametersOf(string module, PlannedBoot boot) =>
        boot
            .Steps.OfType<NoteBackend>()
            .Select(note => note.Request)
            .OfType<AgentRequest.BringUp>()
            .SelectMany(up => up.Loads)
            .Single(load => load.Module == module)
            .Parameters;

    private static string Packed(string program)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(File.ReadAllBytes(program));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static string[] Shared() =>
        [
            "-object",
            string.Create(
                CultureInfo.InvariantCulture,
                $"memory-backend-file,id=answers,mem-path={AnswersName},size={ReplayAnswers.Size},share=on"
            ),
            "-device",
            "ivshmem-plain,memdev=answers",
        ];
}
