using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Images;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// The case folder of a cold cycle that really was (Debian's 6.1.0-50 under QEMU 7.2 with ERST), for a test to damage before it is judged.
/// </summary>
internal sealed class CaseEvidence : IDisposable
{
    public const string Newest = "dmesg-erst-7710738641726734337";
    public const string Older = "dmesg-erst-7710738641726734338";
    public const string Nonce = "5cc5902997e28ab6";

    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "erst-panic-6.1");

    private readonly ScratchFolder _scratch = new();

    public CaseEvidence()
    {
        Console = Read("console.log");
        Records = new() { [Newest] = Read(Newest), [Older] = Read(Older) };
    }

    public static ExpectedRecord WholePanic { get; } = new("dmesg", "Panic", 1, null, RecordContent.WholeTail, "cycle.yaml:17:12");

    /// <summary>What the dying kernel printed.</summary>
    public string Console { get; set; }

    /// <summary>What the kernel printed that is looked at.</summary>
    public string ConsoleAfter { get; set; } = "[    0.000000] Linux version 6.1.0-50-amd64\r\n";

    /// <summary>File names of <c>/sys/fs/pstore</c> to contents.</summary>
    public Dictionary<string, string> Records { get; }

    public CycleLog? Cycle { get; set; } = new(
        CycleEnding.Completed, null, [new ObservedBoot(1, "debian-6.1", "6.1.0-50-amd64", "erst"), new ObservedBoot(2, "debian-6.1", "6.1.0-50-amd64", "erst")], []);

    public Inspect Expected { get; set; } = new(1, 2, [WholePanic], [], [], "cycle.yaml:16:1");

    public IReadOnlyList<PlannedKnownBug> Known { get; set; } = [];

    /// <summary>Instead of what the plan would be as JSON.</summary>
    public string? PlanText { get; set; }

    public CaseFolder Folder => new(_scratch.Path);

    /// <summary>Expects one record in another way.</summary>
    public ExpectedRecord Record { set => Expected = Expected with { Records = [value] }; }

    public void Damage(string record, Func<string, string> how)
    {
        var damaged = how(Records[record]);
        Assert.That(damaged, Is.Not.EqualTo(Records[record]), "the test damages nothing");
        Records[record] = damaged;
    }

    public async Task<Judgement> JudgeAsync()
    {
        await EvidenceJson.WriteAsync(Folder.Plan, Plan(), CancellationToken.None);
        if (PlanText is not null)
            _scratch.Write("plan.json", PlanText);
        if (Cycle is not null)
            await EvidenceJson.WriteAsync(Folder.Cycle, Cycle, CancellationToken.None);
        Write(Folder.Boot(1).Console, Console);
        Write(Folder.Boot(2).Console, ConsoleAfter);
        Directory.CreateDirectory(Folder.Records(1));
        foreach (var (name, content) in Records)
            Write(Path.Combine(Folder.Records(1), name), content);
        return Judge.Of(Folder);
    }

    /// <summary>What is wrong, when exactly one check does not hold.</summary>
    public async Task<string> FaultAsync()
    {
        var judgement = await JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(judgement.Findings.Count(finding => !finding.Held), Is.EqualTo(1), string.Join('\n', judgement.Findings));
        Assert.That(judgement.Reason, Is.EqualTo(judgement.Findings.Single(finding => !finding.Held).Text));
        return judgement.Reason;
    }

    public void Dispose() => _scratch.Dispose();

    private Plan Plan() => new(
        "cycle/record-whole/erst", "", new Dictionary<string, string>(), "erst", "tcg", 512, [], [], new StoreTemplate(262144, null),
        [
            new PowerOn(1, "debian-6.1", [], true), new Mark(1, Nonce, 8), new Crash(1, "sysrq-c", "sysrq c", "Kernel panic"),
            new PowerOn(2, "debian-6.1", [], true), Expected,
        ],
        Known);

    private static string Read(string name) => Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Fixture, name)));

    private static void Write(string path, string text) => File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
}
