using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// All that a plan's steps must leave is asked for before anything is judged, also where no check comes to read it.
/// </summary>
public class RequiredEvidenceTests
{
    private const int Size = 256 << 10;

    private CaseEvidence _case = null!;
    private Plan _plan = null!;

    /// <summary>A case with a step of each kind that leaves something, and all of it.</summary>
    [SetUp]
    public async Task KeepSomethingOfEveryStep()
    {
        _case = new CaseEvidence();
        await _case.JudgeAsync();
        var plan = PlanFile.Read(_case.Folder.Plan);
        var systemd = new PlannedSystemd(
            "guest",
            null,
            "disk",
            "under",
            "raw",
            "seed",
            new Dictionary<string, string>()
        );
        var cut = new CutPower(new CrashNumber(2), null, null, new CutPoint(null, 30));
        _plan = plan with
        {
            Others = [new OtherStore("erst", "store-erst", new Backends.StoreTemplate(Size, null))],
            Boots =
            [
                plan.Boots[0] with
                {
                    Steps =
                    [
                        .. plan.Boots[0].Steps.Where(step => step is not Crash),
                        new RunInGuest(1, "true", 0, "cycle.yaml:3:4"),
                        plan.Boots[0].Steps.OfType<Crash>().Single() with
                        {
                            BootsCaptureKernel = true,
                        },
                        new KeepVmcore(),
                        new DamageStore(1, new Truncate(1, 300)),
                    ],
                },
                plan.Boots[1] with
                {
                    Parameters = new Dictionary<string, string> { ["pstore.update_ms"] = "100" },
                    Steps =
                    [
                        new PowerOn("qemu", [], true, systemd),
                        .. plan.Boots[1].Steps.OfType<Inspect>(),
                        new Mark(new CrashNumber(2), "0123456789abcdef", 8),
                        cut,
                    ],
                },
            ],
        };
        _case.Cycle = _case.Cycle! with { StoreBegun = new Dictionary<CrashNumber, bool> { [cut.Number] = true } };
        foreach (string store in Stores)
            Write(store, new byte[Size]);
        foreach (string text in Texts)
            Write(text, "0\n"u8.ToArray());
        foreach (string folder in Folders)
            Directory.CreateDirectory(In(folder));
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    public static string[] Stores =>
        ["store.before", "boot-1/store", "boot-1/store.damaged", "records-1.store", "boot-2/store", "store-erst"];

    public static string[] Texts =>
        [
            "boot-1/console.log",
            "run-1.log",
            "boot-1/crash-kernel.log",
            "damage-1.json",
            "boot-2/console.log",
            "systemd-1.tar",
        ];

    public static string[] Folders => ["boot-1/vmcore", "records-1"];

    [Test]
    public void Nothing_is_missed_where_all_of_it_is_there() => Assert.That(() => Require(), Throws.Nothing);

    [TestCaseSource(nameof(Stores))]
    [TestCaseSource(nameof(Texts))]
    public void A_file_that_is_missing_is_named(string name)
    {
        File.Delete(In(name));
        AssertMissed($"the evidence {In(name)} is missing");
    }

    [TestCaseSource(nameof(Folders))]
    public void A_folder_that_is_missing_is_named(string name)
    {
        Directory.Delete(In(name), recursive: true);
        AssertMissed($"the evidence {In(name)} is missing");
    }

    [TestCaseSource(nameof(Stores))]
    public void A_store_that_was_cut_is_named(string name)
    {
        Write(name, new byte[Size - 1]);
        AssertMissed($"the evidence {In(name)} has {Size - 1} bytes, and the store has {Size}");
    }

    [TestCaseSource(nameof(Texts))]
    public void A_text_that_is_empty_is_named(string name)
    {
        Write(name, []);
        AssertMissed($"the evidence {In(name)} is empty");
    }

    [Test]
    public void A_boot_that_the_log_does_not_have_is_named()
    {
        _case.Cycle = _case.Cycle! with { Boots = [_case.Cycle.Boots[0]] };
        AssertMissed($"the evidence {_case.Folder.Cycle} does not have boot 2, which was carried out");
    }

    [Test]
    public void A_power_cut_of_which_the_log_does_not_say_what_it_met_is_named()
    {
        _case.Cycle = _case.Cycle! with { StoreBegun = new Dictionary<CrashNumber, bool>() };
        AssertMissed($"the evidence {_case.Folder.Cycle} does not say whether power cut 2 was in a write");
    }

    [Test]
    public void The_stores_beside_it_are_those_of_the_last_boot()
    {
        File.Delete(In("store-erst"));
        Assert.That(() => Require(1), Throws.Nothing);
    }

    [Test]
    public void No_boot_leaves_nothing()
    {
        File.Delete(In("store.before"));
        Assert.That(() => Require(0), Throws.Nothing);
    }

    private void AssertMissed(string what) =>
        Assert.That(() => Require(), Throws.TypeOf<EvidenceException>().With.Message.EqualTo(what));

    private void Require(int boots = 2) =>
        RequiredEvidence.Require(new AttemptEvidence(_plan, _case.Cycle!, _case.Folder), [.. _plan.Boots.Take(boots)]);

    private string In(string name) => Path.Combine(_case.Folder.Root, name);

    private void Write(string name, byte[] content) => File.WriteAllBytes(In(name), content);
}
