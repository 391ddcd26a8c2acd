using PstoreLab.FakeQemu;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Harness.Tests.Runs;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle.Fuzzing;

/// <summary>
/// Case folders of every kind of evidence: as attempts with the fake QEMU have left them, and of each backend with a
/// real console.
/// </summary>
internal static class FuzzedCases
{
    private const long Address = 0x20000000;

    // What OVMF builds its variable store for.
    private const int EfiSize = 540672;

    public static async Task<IReadOnlyList<FuzzedCase>> MakeAsync() =>
        [
            .. await Task.WhenAll(
                RunAsync("passed", FakeLab.Cold, FakeFault.None),
                RunAsync("lost its last line", FakeLab.Warm, FakeFault.LosesTheNewestLine),
                RunAsync("refused to mount", FakeLab.Cold, FakeFault.None, FakeFault.Refuses),
                RunAsync("capture kernel", Dumped, FakeFault.None),
                RunAsync("damaged and erased", DamagedAndErased, FakeFault.None),
                RunAsync("never comes up", FakeLab.Cold, FakeFault.EndsAtOnce)
            ),
            .. await Task.WhenAll(BackendCatalogue.All.Select(OfBackendAsync)),
            await KnownAsync(),
            await ArchivedAsync(),
        ];

    private static Case Dumped { get; } =
        PlanBench.Case(
            PlanBench.Boot(options: BootOptions.None with { CaptureKernel = CaptureKernel.Loaded }),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(
                PlanBench.Records() with
                {
                    Vmcore = new ExpectedVmcore(VmcoreOutcome.Dumped, CrashNumber.Last),
                }
            )
        );

    private static Case DamagedAndErased { get; } =
        PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash("oops"),
            PlanBench.Damage(new Replace(1, "Panic#7 Part1\n<6>[    1.000000] not by this kernel\n")),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records(PlanBench.Panic(1) with { Content = RecordContent.Any, Reason = null })),
            new EraseStep(PlanBench.Line(18), "*"),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records(PlanBench.Panic(2)))
        );

    private static async Task<FuzzedCase> RunAsync(string name, Case @case, params FakeFault[] faults)
    {
        using var lab = new FakeLab([.. faults.Select(fault => new FakeBoot(fault))]);
        await lab.RunAsync(@case);
        return new FuzzedCase(name, lab.Run.Case(@case.Id));
    }

    /// <summary>As much of a record as a store of that kind has room for, shown as it is.</summary>
    private static async Task<FuzzedCase> OfBackendAsync(IBackend backend)
    {
        using var evidence = new CaseEvidence { Backend = backend.Name, Address = Address };
        string text = evidence.Records[CaseEvidence.Newest];
        foreach (var (name, value) in Parameters)
            evidence.Parameters[name] = value;
        var options = new StoreOptions
        {
            Parameters = backend.LayoutParameters(evidence.Parameters),
            Cpus = 1,
            Kernel = new Version(6, 1),
            Address = Address,
        };
        var format = StoreFormats.Get(backend.Kind);
        byte[] store = format.CreateEmpty(backend.Kind == StoreKind.Efi ? EfiSize : 256 << 10, options);
        string header = text[..(text.IndexOf('\n') + 1)];
        var record = new RecordToWrite(RecordType.Dmesg, RecordText.ToBytes(header + text[^700..]))
        {
            Id = 7710738641726734337,
        };
        Assert.That(format.Write(store, options, record), backend.Name);
        evidence.Store = store;
        evidence.Record = CaseEvidence.WholePanic with { Content = RecordContent.Tail };
        evidence.Show(shown =>
        {
            shown.Clear();
            foreach (var (name, content) in PstoreListing.Predict(format.Decode(store, options), options.Kernel))
                shown[name] = RecordText.FromBytes(content);
        });
        evidence.Meanwhile = [new RunInGuest(1, "echo hello | tee /dev/pmsg0", 0, "cycle.yaml:20:3")];
        await File.WriteAllTextAsync(evidence.Folder.Run(1), "0\nhello\n");
        evidence.Expected = evidence.Expected with { Console = ["Linux version"], ConsoleWithout = ["BUG:"] };
        return await MadeAsync(backend.Name, evidence);
    }

    private static async Task<FuzzedCase> KnownAsync()
    {
        using var evidence = new CaseEvidence();
        evidence.DamageShown(CaseEvidence.Newest, text => text[..^100]);
        evidence.Records[CaseEvidence.Newest] = evidence.Shown![CaseEvidence.Newest];
        evidence.Known =
        [
            new PlannedKnownBug(
                "short-tail",
                evidence.Expected with
                {
                    Records = [CaseEvidence.WholePanic with { Content = RecordContent.Nonce }],
                }
            ),
        ];
        return await MadeAsync("known", evidence);
    }

    private static async Task<FuzzedCase> ArchivedAsync()
    {
        var systemd = new MadeSystemd();
        using var evidence = new CaseEvidence { Systemd = systemd };
        evidence.Show(shown => shown.Clear());
        foreach (var (name, content) in evidence.Records)
        {
            systemd.Put($"7710738641726/001/{name}", content);
            systemd.Journaled(name, content);
        }

        systemd.Archive["7710738641726/001/dmesg.txt"] = new MadeFile(
            evidence.Records[CaseEvidence.Older] + evidence.Records[CaseEvidence.Newest],
            MadeSystemd.Private | UnixFileMode.GroupRead
        );
        evidence.Expected = evidence.Expected with
        {
            Records = [],
            Journal = [CaseEvidence.WholePanic],
            Archiver = ArchiverOutcome.Ran,
            Archive =
            [
                new ExpectedArchive(
                    new SourceLocation("cycle.yaml", 18, 5),
                    RecordType.Dmesg,
                    "Panic",
                    CaseEvidence.First,
                    ArchiveForm.Whole,
                    null,
                    RecordContent.WholeTail
                ),
            ],
        };
        return await MadeAsync("archived", evidence);
    }

    private static async Task<FuzzedCase> MadeAsync(string name, CaseEvidence evidence)
    {
        evidence.Cycle = evidence.Cycle! with { IsSealed = true };
        await evidence.JudgeAsync();
        await EvidenceSeal.WriteAsync(PlanFile.Read(evidence.Folder.Plan), evidence.Folder, CancellationToken.None);
        return new FuzzedCase(name, evidence.Folder);
    }

    private static Dictionary<string, string> Parameters { get; } =
        new()
        {
            ["ramoops.mem_address"] = $"0x{Address:x}",
            ["ramoops.mem_size"] = "0x40000",
            ["ramoops.record_size"] = "0x10000",
            ["ramoops.console_size"] = "0",
            ["ramoops.ftrace_size"] = "0",
            ["ramoops.pmsg_size"] = "0",
        };
}
