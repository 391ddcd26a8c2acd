using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Guests;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Harness.Tests.Processes;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>
/// A case runner whose QEMU is the fake one. Its kernel is the script that tells the fake what to do.
/// </summary>
internal sealed class FakeLab : ICaseImages, IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly WatchedRunner _runner = new();

    public FakeLab(params FakeBoot[] boots)
    {
        Script = _scratch.Write("vmlinux", "");
        new FakeScript(Path.Combine(_scratch.Path, "boots"), boots).Write(Script);
        Run = new RunFolder(Path.Combine(_scratch.Path, "run"));
    }

    public static string Qemu { get; } = Path.Combine(AppContext.BaseDirectory, "PstoreLab.FakeQemu");

    public static Case Cold { get; } =
        PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect());

    public static Case Warm { get; } =
        PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Warm(), PlanBench.Expect());

    public string Script { get; }

    public RunFolder Run { get; }

    public ManualTime Time { get; } = new();

    public IProcessRunner Runner => _runner;

    public string Scratch => _scratch.Path;

    /// <summary>The places of its guests.</summary>
    public GuestSlots Slots { get; set; } = new(2, () => 100_000);

    /// <summary>What may stand for boots; null for nothing.</summary>
    public ICheckpoints? Checkpoints { get; set; }

    /// <summary>Who sees what attempts do; null for nobody.</summary>
    public IRunWatch? Watch { get; set; }

    /// <summary>How many machines were powered on or reset.</summary>
    public int Boots => File.ReadAllText(Path.Combine(_scratch.Path, "boots")).Length;

    public BootImage Image =>
        new(
            new Kernel(
                "debian-6.1",
                "6.1.176-1",
                "6.1.0-50-amd64",
                Script,
                Script,
                "",
                new Dictionary<string, string> { ["efi_pstore"] = Script }
            ),
            KernelConfig.Parse(PlanBench.Config.Split('\n')),
            Script,
            CrashInitramfs: Script
        );

    /// <summary>The share of cases that are checked with fresh boots.</summary>
    public double Checked { get; set; }

    public CaseRunner CaseRunner => RunnerFor(Run, new BootPolicy(IsFresh: false, Checked));

    private CaseRunner RunnerFor(RunFolder run, BootPolicy boots) =>
        new(
            new CaseAttempt(
                Runner,
                _ => Qemu,
                this,
                Slots,
                new Accelerator("tcg", "for the test", 1, 1, ""),
                boots.IsFresh ? null : Checkpoints,
                run,
                Time,
                Watch
            ),
            run,
            Time,
            boots.CheckedShare > 0 ? new CheckpointCheck(boots.CheckedShare, run, RunnerFor) : null
        );

    /// <summary>Runs a case to its end.</summary>
    public Task<CaseResult> RunAsync(Case @case) =>
        CaseRunner.RunAsync(@case, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(90));

    /// <summary>Runs a case whose guest gets stuck, once in every attempt; each time, the time runs out.</summary>
    /// <param name="limit">Which of an attempt's time limits it is, from 1.</param>
    /// <param name="last">How the console ends then.</param>
    /// <param name="boot">The boot that gets stuck.</param>
    /// <param name="again">As <paramref name="limit"/>, of attempts after the first, where they begin later.</param>
    public async Task<CaseResult> RunOutAsync(Case @case, int limit, string last, int boot = 1, int? again = null)
    {
        var running = CaseRunner.RunAsync(@case, CancellationToken.None);
        var console = Run.Case(@case.Id).Boot(new BootNumber(boot)).Console;
        for (var limits = limit; !running.IsCompleted; limits += again ?? limit)
        {
            await Eventually.Holds(
                $"'{last}' on the console, or the end",
                () =>
                    running.IsCompleted
                    || (Time.Limits == limits && Time.SomebodyWaits && Reads(console).EndsWith(last))
            );
            if (running.IsCompleted)
                break;
            Time.RunOut();
            await Eventually.Holds("the end of the wait", () => running.IsCompleted || Time.Limits > limits);
        }

        return await running;
    }

    /// <summary>Runs cases side by side, as a run does.</summary>
    public Task<IReadOnlyList<CaseResult>> RunAllAsync(params Case[] cases) => RunAllAsync(_ => { }, cases);

    /// <inheritdoc cref="RunAllAsync(Case[])"/>
    /// <param name="onResult">Called for one result at a time.</param>
    public Task<IReadOnlyList<CaseResult>> RunAllAsync(Action<CaseResult> onResult, params Case[] cases) =>
        new LabRun(CaseRunner, Durations.Load(Path.Combine(_scratch.Path, "durations.json")))
            .RunAsync(
                cases,
                result =>
                {
                    onResult(result);
                    return Task.CompletedTask;
                },
                CancellationToken.None
            )
            .WaitAsync(TimeSpan.FromSeconds(90));

    /// <summary>What is waited for before a case has its images.</summary>
    public Func<Case, Task> Images { get; set; } = _ => Task.CompletedTask;

    public async Task<GuestImages> ForAsync(Case @case, CancellationToken cancellation)
    {
        await Images(@case);
        return new GuestImages(
            @case.Kernels.ToDictionary(kernel => kernel, _ => Image),
            new Dictionary<string, GuestDisk>()
        );
    }

    /// <summary>Deletes all, and makes sure that no fake was left behind.</summary>
    public void Dispose()
    {
        Assert.That(_runner.Started.Where(ProcessTable.IsAlive), Is.Empty, "processes left behind");
        _scratch.Dispose();
    }

    private static string Reads(string file) => File.Exists(file) ? File.ReadAllText(file).TrimEnd() : "";

    /// <summary>Remembers what it started.</summary>
    private sealed class WatchedRunner : IProcessRunner
    {
        private readonly List<int> _started = [];

        public IReadOnlyList<int> Started => _started;

        public IRunningProcess Start(ProcessSpec spec)
        {
            var process = new ProcessRunner().Start(spec);
            lock (_started)
                _started.Add(process.Id);
            return process;
        }
    }
}
