using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Damages;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// The case folder of a cold cycle that really was (Debian's 6.1.0-50 under QEMU 7.2 with ERST), for a test to damage
/// before it is judged.
/// </summary>
internal sealed class CaseEvidence : IDisposable
{
    public const string Newest = "dmesg-erst-7710738641726734337";
    public const string Older = "dmesg-erst-7710738641726734338";
    public const string Nonce = "5cc5902997e28ab6";

    /// <summary>What a kernel says that has no method to undo anything with.</summary>
    public const string Uninitialized = "no decompression method initialized!";

    private const int StoreSize = 256 << 10;

    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "erst-panic-6.1");

    private readonly ScratchFolder _scratch = new();

    public CaseEvidence()
    {
        Console = Read("console.log");
        Records = new() { [Newest] = Read(Newest), [Older] = Read(Older) };
    }

    public static ExpectedRecord WholePanic { get; } =
        new(new SourceLocation("cycle.yaml", 17, 12), "dmesg", "Panic", First, null, RecordContent.WholeTail, null);

    /// <summary>The one crash of the case.</summary>
    public static CrashNumber First => new(1);

    /// <summary>What the dying kernel printed.</summary>
    public string Console { get; set; }

    /// <summary>What the kernel printed that is looked at.</summary>
    public string ConsoleAfter { get; set; } = "[    0.000000] Linux version 6.1.0-50-amd64\r\n";

    /// <summary>
    /// What the store holds, by the names of the files it is shown in; a name with <c>.enc.z</c> has bytes that nothing
    /// can be made of.
    /// </summary>
    public Dictionary<string, string> Records { get; }

    /// <summary>
    /// File names of <c>/sys/fs/pstore</c> to contents, where the reader does not show what the store holds.
    /// </summary>
    public Dictionary<string, string>? Shown { get; private set; }

    public string Backend { get; set; } = "erst";

    /// <summary>Physical address of the store's first byte, where it is memory.</summary>
    public long? Address { get; set; }

    /// <summary>The store as the crash left it, where it is not that of <see cref="Records"/>.</summary>
    public byte[]? Store { get; set; }

    /// <summary>That store after it was damaged on purpose; as it was when left out.</summary>
    public byte[]? DamagedStore { get; set; }

    /// <summary>What is done to the dead guest's store, and in the second boot before it is looked at.</summary>
    public IReadOnlyList<PlanStep> Meanwhile { get; set; } = [];

    /// <summary>What is done in the first boot before it dies.</summary>
    public IReadOnlyList<PlanStep> BeforeTheCrash { get; set; } = [];

    /// <summary>Processors of the machine.</summary>
    public int Cpus { get; set; } = 1;

    /// <summary>Whether a capture kernel was loaded.</summary>
    public bool BootsCaptureKernel { get; set; }

    /// <summary>What the reader was told.</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    public CycleLog? Cycle { get; set; } =
        new(
            CycleEnding.Completed,
            null,
            [
                new ObservedBoot(new BootNumber(1), "debian-6.1", "6.1.0-50-amd64", "erst"),
                new ObservedBoot(new BootNumber(2), "debian-6.1", "6.1.0-50-amd64", "erst"),
            ],
            []
        );

    public Expectation Expected { get; set; } = new(new SourceLocation("cycle.yaml", 16, 1), [WholePanic], [], []);

    /// <summary>The backends that are there and must be left alone.</summary>
    public IReadOnlyList<OtherStore> Others { get; set; } = [];

    /// <summary>What the inspection brought of a guest with systemd; null for the initramfs guest.</summary>
    public MadeSystemd? Systemd { get; set; }

    public IReadOnlyList<PlannedKnownBug> Known { get; set; } = [];

    public IReadOnlyList<ToleratedFailure>? Tolerated { get; set; }

    /// <summary>Instead of what the plan would be as JSON.</summary>
    public string? PlanText { get; set; }

    public CaseFolder Folder => new(_scratch.Path);

    /// <summary>A real store with <see cref="Records"/> in it, compressed as a kernel before 6.6 does.</summary>
    public byte[] IntactStore()
    {
        var erst = StoreFormats.Get(StoreKind.Erst);
        byte[] store = erst.CreateEmpty(StoreSize, StoreOptions.None);
        foreach (var (file, text) in Records)
        {
            Assert.That(RecordName.TryParse(file, out var name), file);
            byte[] content = Encoding.Latin1.GetBytes(text);
            byte[] payload = name!.Compressed ? content : Compressed(text);
            Assert.That(
                erst.Write(
                    store,
                    StoreOptions.None,
                    new RecordToWrite(name.Type, payload) { Id = name.Id, MarkedCompressed = true }
                )
            );
        }

        return store;
    }

    /// <summary>Expects one record in another way.</summary>
    public ExpectedRecord Record
    {
        set => Expected = Expected with { Records = [value] };
    }

    /// <summary>Damages a record as a bad writer does: it is shown as it is stored.</summary>
    public void Damage(string record, Func<string, string> how) => Damage(Records, record, how);

    /// <summary>Damages a record as a bad reader does: the store is sound.</summary>
    public void DamageShown(string record, Func<string, string> how) => Show(shown => Damage(shown, record, how));

    /// <summary>Has <c>/sys/fs/pstore</c> differ from the store.</summary>
    public void Show(Action<Dictionary<string, string>> how) => how(Shown ??= new Dictionary<string, string>(Records));

    /// <summary>
    /// Has the reader boot with <c>pstore.compress=none</c>, so that it undoes nothing and shows what the store holds
    /// as <c>.enc.z</c>.
    /// </summary>
    /// <param name="records">Those that it shows so; all when left out.</param>
    public void LeaveCompressed(params string[] records)
    {
        Parameters["pstore.compress"] = "none";
        ConsoleAfter += $"[    1.000000] pstore: {Uninitialized}\r\n";
        Show(shown =>
        {
            foreach (string record in records.Length == 0 ? [.. Records.Keys] : records)
            {
                shown.Remove(record);
                shown[record + ".enc.z"] = Encoding.Latin1.GetString(Compressed(Records[record]));
            }
        });
    }

    /// <summary>Has it that somebody damaged the dead guest's store on purpose.</summary>
    public Task DamageStoreAsync()
    {
        Meanwhile = [new DamageStore(1, new Truncate(1, 300))];
        return EvidenceJson.WriteAsync(Folder.Damage(1), new DamageLog("done", null, []), CancellationToken.None);
    }

    /// <param name="absenceOf">What is missing on the machine that judges.</param>
    public async Task<Judgement> JudgeAsync(Func<CompressionMethod, string?>? absenceOf = null)
    {
        await EvidenceJson.WriteAsync(Folder.Plan, Plan(), CancellationToken.None);
        if (PlanText is not null)
            _scratch.Write("plan.json", PlanText);
        if (Cycle is not null)
            await EvidenceJson.WriteAsync(Folder.Cycle, Cycle, CancellationToken.None);
        Write(Folder.Boot(new BootNumber(1)).Console, Console);
        // What 6.1 says of a record that it cannot decompress.
        string complaint = Records.Keys.Any(name => name.EndsWith(".enc.z"))
            ? "[    1.000000] pstore: crypto_comp_decompress failed, ret = -22!\r\n"
            : "";
        Write(Folder.Boot(new BootNumber(2)).Console, ConsoleAfter + complaint);
        byte[] store = Store ?? IntactStore();
        await File.WriteAllBytesAsync(Folder.StoreBefore, new byte[store.Length]);
        await File.WriteAllBytesAsync(Folder.Boot(new BootNumber(1)).Store, store);
        if (Meanwhile.Any(step => step is DamageStore))
            await File.WriteAllBytesAsync(Folder.Boot(new BootNumber(1)).DamagedStore, DamagedStore ?? store);
        if (Meanwhile.Any(step => step is CutPower))
            await File.WriteAllBytesAsync(Folder.Boot(new BootNumber(2)).Store, store);
        foreach (var number in (InspectionNumber[])[Last, .. Meanwhile.OfType<Inspect>().Select(step => step.Number)])
        {
            string records = Folder.Records(number);
            if (Directory.Exists(records))
                Directory.Delete(records, recursive: true);
            Directory.CreateDirectory(records);
            foreach (var (name, content) in Shown ?? Records)
                Write(Path.Combine(records, name), content);
        }

        if (Systemd is not null)
            await File.WriteAllBytesAsync(Folder.Systemd(Last), Systemd.Tar());
        return Judge.Of(Folder, absenceOf);
    }

    /// <summary>What is wrong, when exactly one check does not hold.</summary>
    public async Task<string> FaultAsync()
    {
        var judgement = await JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Findings.Count(finding => !finding.Held),
            Is.EqualTo(1),
            string.Join('\n', judgement.Findings)
        );
        Assert.That(judgement.Reason, Is.EqualTo(judgement.Findings.Single(finding => !finding.Held).Text));
        return judgement.Reason;
    }

    public void Dispose() => _scratch.Dispose();

    private InspectionNumber Last => new(1 + Meanwhile.OfType<Inspect>().Count());

    private Plan Plan() =>
        new(
            "cycle/record-whole/erst",
            "",
            new Dictionary<string, string>(),
            Backend,
            "tcg",
            512,
            [new PlannedKernel("debian-6.1", "6.1.176-1", "6.1.0-50-amd64")],
            [],
            new StoreTemplate(Store?.Length ?? StoreSize, null, Address),
            [
                Boot(
                    1,
                    new Dictionary<string, string>(),
                    [
                        .. BeforeTheCrash,
                        new Mark(First, Nonce, 8),
                        new Crash(First, "sysrq-c", new AgentRequest.Trigger("sysrq c"), null, "Kernel panic")
                        {
                            BootsCaptureKernel = BootsCaptureKernel,
                        },
                        .. Meanwhile.OfType<DamageStore>(),
                    ]
                ),
                Boot(2, Parameters, [.. Meanwhile.Where(step => step is not DamageStore), new Inspect(Last, Expected)]),
            ],
            Known
        )
        {
            Format = PstoreLab.Harness.Plans.Plan.CurrentFormat,
            Others = Others,
            Tolerated = Tolerated,
        };

    private PlannedBoot Boot(int number, IReadOnlyDictionary<string, string> parameters, IEnumerable<PlanStep> steps) =>
        new(new BootNumber(number), "debian-6.1", parameters, Cpus, [new PowerOn("qemu", [], true), .. steps]);

    private static void Damage(Dictionary<string, string> records, string record, Func<string, string> how)
    {
        var damaged = how(records[record]);
        Assert.That(damaged, Is.Not.EqualTo(records[record]), "the test damages nothing");
        records[record] = damaged;
    }

    private static byte[] Compressed(string text) =>
        RecordCompression.Compress(CompressionMethod.Deflate, Encoding.Latin1.GetBytes(text), windowBits: 11);

    private static string Read(string name) =>
        Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Fixture, name)));

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
    }
}
