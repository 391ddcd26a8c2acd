using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>What <c>explain</c> prints and <c>repro.sh</c> does, for one case of each kind.</summary>
[CancelAfter(60_000)]
public class PlanTextTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    private static Step[] Cycle(Step restart) => [PlanBench.Boot(), PlanBench.Crash(), restart, PlanBench.Expect()];

    private static IReadOnlyList<Damage> EveryDamage =>
        [
            new FlipBytes(1, RegionKind.Data, 2, 9, 1),
            new FlipBits(2, RegionKind.HeaderParity, null, 3, 4),
            new Poke(1, RegionKind.Map, 8, "00ff"),
            new Zero(1, RegionKind.Parity),
            new WrongMagic(3),
            new Truncate(1, 100),
            new Swap(1, 2),
            new Replace(1, "it's\nover"),
            new Recompress(1, CompressionMethod.Deflate, 11),
            new Recompress(1, CompressionMethod.Sw842, 15),
            new MarkCompressed(1, true),
            new MarkCompressed(1, false),
            new Fill(4096),
        ];

    private static BootOptions Systemd(string guest) => BootOptions.None with { Systemd = guest };

    private static BootOptions CaptureKernel(CaptureKernel kernel) => BootOptions.None with { CaptureKernel = kernel };

    private static Dictionary<string, string> PstoreConf { get; } =
        new() { ["/etc/systemd/pstore.conf.d/50-lab.conf"] = "[PStore]\nUnlink=no\n" };

    private static Expectation Archived { get; } =
        PlanBench.Records() with
        {
            Archive =
            [
                new ExpectedArchive(
                    PlanBench.Line(18),
                    "dmesg",
                    "Panic",
                    new CrashNumber(1),
                    ArchiveForm.Reassembled,
                    "*/001/dmesg.txt",
                    RecordContent.WholeTail
                ),
            ],
            Journal = [PlanBench.Panic(1)],
            Archiver = ArchiverOutcome.Ran,
        };

    [TestCase(@"\n")]
    [TestCase(@"\r\n")]
    [TestCase(@"\x1b]0;\x07\n")]
    [TestCase(@"'; ")]
    [TestCase(@"\$\(x\)`x`")]
    public void What_others_have_written_is_no_command_of_a_script(string escaped)
    {
        string evil = Regex.Unescape(escaped);
        using var folder = new ScratchFolder();
        var plan = PlanBench.Plan(PlanBench.Case(Cycle(PlanBench.Cold())), folder);
        string command = evil + "touch pwned" + evil;
        var hostile = plan with
        {
            Case = plan.Case + command,
            Summary = command,
            Kernels = [new PlannedKernel("debian-6.1", command, command)],
            Boots = [.. plan.Boots.Select(boot => boot with { Kernel = command })],
            Others = [new OtherStore("efi", command, plan.Store)],
        };
        string script = ReproScript.Write(hostile);
        Assert.That(script.Split("set -u")[0].TrimEnd('\n').Split('\n'), Is.All.StartsWith("#"));
        Assert.That(Words(script), Has.None.EqualTo("touch"), script);
    }

    /// <summary>The words at which bash would begin a command, as far as these scripts go.</summary>
    private static IEnumerable<string> Words(string script)
    {
        string begin = Regex.Replace(script, @"(?m)(?:^|\s)#.*$|'[^']*'|""(?:[^""\\]|\\.)*""|\\'", "");
        return Regex.Matches(begin, @"(?:^|[;\n`]|\$\()\s*(\w+)").Select(match => match.Groups[1].Value);
    }

    public static IEnumerable<TestCaseData<string, Case>> Cases =>
        [
            .. from backend in BackendCatalogue.All
            from restart in new[] { ("cold", PlanBench.Cold()), ("warm", PlanBench.Warm()) }
            select Named($"{backend.Name}-{restart.Item1}", PlanBench.Case(backend.Name, Cycle(restart.Item2))),
            Named(
                "upgrade",
                PlanBench.Case(
                    "ramoops",
                    Cycle(PlanBench.Cold("debian-7.2", PlanBench.With("pstore.update_ms", "1000")))
                )
            ),
            Named(
                "no-crash-warm",
                PlanBench.Case(
                    PlanBench.Boot(),
                    PlanBench.Crash("none"),
                    PlanBench.Warm(),
                    PlanBench.Expect(PlanBench.Records())
                )
            ),
            Named(
                "no-crash-cold",
                PlanBench.Case(
                    PlanBench.Boot(),
                    PlanBench.Crash("none"),
                    PlanBench.Cold(),
                    PlanBench.Expect(PlanBench.Records())
                )
            ),
            Named(
                "power-cut",
                PlanBench.Case(
                    PlanBench.Boot(),
                    new PowerCutStep(PlanBench.Line(12), "it's over", "sysrq-c", 4),
                    PlanBench.Cold(),
                    PlanBench.Expect(PlanBench.Records())
                )
            ),
            Named(
                "warm-then-cold",
                PlanBench.Case(
                    PlanBench.Boot(),
                    PlanBench.Crash(),
                    PlanBench.Warm(),
                    new EraseStep(PlanBench.Line(14), "*"),
                    PlanBench.Crash(),
                    PlanBench.Cold(),
                    PlanBench.Expect(PlanBench.Records(PlanBench.Panic(2)))
                )
            ),
            Named(
                "oops-then-panic",
                PlanBench.Case(
                    PlanBench.Boot(),
                    PlanBench.Crash("oops"),
                    PlanBench.Crash(),
                    PlanBench.Warm(),
                    PlanBench.Expect(PlanBench.Records(PlanBench.Panic(1) with { Reason = "Oops" }, PlanBench.Panic(2)))
                )
            ),
            Named(
                "oops-awaited-and-damaged",
                PlanBench.Case(
                    "pstore-blk",
                    PlanBench.Boot(),
                    PlanBench.Crash("oops"),
                    PlanBench.Damage(new FlipBits(1, RegionKind.Header, null, 3, 7)),
                    PlanBench.Cold(),
                    PlanBench.Crash("oops"),
                    PlanBench.Warm(),
                    PlanBench.Expect(PlanBench.Records(PlanBench.Panic(2) with { Ecc = new EccExpectation(4, 1) }))
                )
            ),
            Named(
                "systemd",
                PlanBench.Case(
                    "ramoops",
                    PlanBench.Boot(
                        options: Systemd("bookworm") with
                        {
                            Modules = ModuleLoading.Guest,
                            Files = PstoreConf,
                        }
                    ),
                    PlanBench.Crash(),
                    PlanBench.Cold(),
                    new RunStep(PlanBench.Line(14), "echo 'it is' \"$HOME\"; false", 1),
                    PlanBench.Expect(Archived),
                    PlanBench.Crash("oops"),
                    PlanBench.Warm(),
                    PlanBench.Expect(Archived)
                )
            ),
            Named(
                "systemd-and-small",
                PlanBench.Case(
                    PlanBench.Boot(),
                    PlanBench.Crash(),
                    PlanBench.Cold("debian-7.2", Systemd("bookworm")),
                    PlanBench.Crash("none"),
                    PlanBench.Cold(options: Systemd("trixie")),
                    PlanBench.Expect(Archived with { Archive = [], Journal = [], Archiver = ArchiverOutcome.Skipped }),
                    PlanBench.Cold(options: Systemd("none")),
                    PlanBench.Expect(PlanBench.Records())
                )
            ),
            Named(
                "crash-kernel",
                PlanBench.Case(
                    PlanBench.Boot(options: CaptureKernel(Harness.Scenarios.CaptureKernel.Loaded)),
                    PlanBench.Crash(),
                    PlanBench.Warm(),
                    PlanBench.Crash(),
                    PlanBench.Cold(options: CaptureKernel(Harness.Scenarios.CaptureKernel.None)),
                    PlanBench.Expect(
                        PlanBench.Records() with
                        {
                            Vmcore = new ExpectedVmcore(VmcoreOutcome.Dumped, CrashNumber.Last),
                        }
                    )
                )
            ),
            Named(
                "crash-kernel-panics",
                PlanBench.Case(
                    PlanBench.Boot(options: CaptureKernel(Harness.Scenarios.CaptureKernel.Panics)),
                    PlanBench.Crash(),
                    PlanBench.Cold(options: CaptureKernel(Harness.Scenarios.CaptureKernel.Reserved)),
                    PlanBench.Expect(
                        PlanBench.Records(PlanBench.Panic()) with
                        {
                            Vmcore = new ExpectedVmcore(VmcoreOutcome.None, CrashNumber.Last),
                        }
                    )
                )
            ),
            Named(
                "every-damage",
                PlanBench.Case([
                    PlanBench.Boot(),
                    PlanBench.Crash(),
                    .. EveryDamage.Select(PlanBench.Damage),
                    PlanBench.Cold(),
                    PlanBench.Expect(),
                ])
            ),
            Named(
                "known-bug",
                PlanBench.Case(Cycle(PlanBench.Cold())) with
                {
                    Known =
                    [
                        new KnownBug(
                            "lost",
                            new Dictionary<string, string>(),
                            new Expectation(PlanBench.Line(20), [], ["full"], ["empty"]),
                            ByChance: true
                        ),
                    ],
                }
            ),
        ];

    [TestCaseSource(nameof(Cases))]
    public void A_plan_is_explained(string name, Case @case) =>
        Approved.Matches($"{name}.txt", PlanText.Of(PlanOf(@case)) + "\n");

    [Test]
    public void A_plan_that_starts_after_a_step_of_another_case_says_so()
    {
        var plan = PlanOf(PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()));
        Assert.That(
            PlanText.Of(plan with { StartsAfter = new StepOfCase("cycle/record-whole/other", 4) }),
            Is.EqualTo(
                PlanText
                    .Of(plan)
                    .Replace(
                        "\n  1. ",
                        "\n  start    after step 4 of cycle/record-whole/other, with the store and evidence from there"
                            + "\n  1. ",
                        StringComparison.Ordinal
                    )
            )
        );
    }

    [TestCaseSource(nameof(Cases))]
    public void A_plan_is_written_as_a_script(string name, Case @case) =>
        Approved.Matches($"{name}.sh", ReproScript.Write(PlanOf(@case)));

    [TestCaseSource(nameof(Cases))]
    public async Task A_script_is_one_that_bash_understands(string name, Case @case)
    {
        var script = _folder.Write($"{name}.sh", ReproScript.Write(PlanOf(@case)));
        var output = await new ProcessRunner().RunAsync(new ProcessSpec("bash", "-n", script));
        Assert.That((output.Exit.Code, output.StandardError), Is.EqualTo((0, "")));
    }

    [TestCaseSource(nameof(Cases))]
    public void A_plan_is_the_same_after_it_was_evidence(string name, Case @case)
    {
        var text = EvidenceJson.Text(PlanOf(@case));
        Assert.That(EvidenceJson.Text(EvidenceJson.Parse<Plan>(text)), Is.EqualTo(text), name);
    }

    [Test]
    public void Every_kind_of_damage_is_explained() =>
        Assert.That(
            EveryDamage.Select(damage => damage.GetType()).Distinct(),
            Is.EquivalentTo(typeof(Damage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Damage))))
        );

    [Test]
    public void A_summary_cannot_become_a_command()
    {
        var @case = PlanBench.Case(Cycle(PlanBench.Cold())) with { Summary = "first\ntouch owned\r\ntouch owned" };
        var script = ReproScript.Write(PlanOf(@case));
        Assert.That(script.Split('\n', '\r'), Has.None.StartsWith("touch"));
    }

    private static TestCaseData<string, Case> Named(string name, Case @case) =>
        new TestCaseData<string, Case>(name, @case).SetArgDisplayNames(name);

    private Plan PlanOf(Case @case)
    {
        if (@case.Backend == "efi" && !File.Exists("/usr/share/OVMF/OVMF_CODE_4M.fd"))
            Assert.Ignore("no OVMF firmware where Debian has it");
        return PlanBench.Plan(@case, _folder);
    }
}
