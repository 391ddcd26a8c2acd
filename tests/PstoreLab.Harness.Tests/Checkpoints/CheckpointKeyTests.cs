using PstoreLab.Harness.Checkpoints;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Checkpoints;

/// <summary>What makes another checkpoint, and what does not.</summary>
public class CheckpointKeyTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void Boots_of_one_machine_have_one_whether_they_end_at_a_reset_or_not()
    {
        var cold = Plan("erst", PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect());
        var warm = Plan("erst", PlanBench.Boot(), PlanBench.Crash(), PlanBench.Warm(), PlanBench.Expect());
        Assert.That(Key(cold, 0), Is.EqualTo(Key(cold, 1)).And.EqualTo(Key(warm, 0)));
    }

    [Test]
    public void Another_command_line_store_processor_or_QEMU_makes_another()
    {
        string one = Key(Plan("erst", PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()), 0);
        Assert.That(Key(Plan("ramoops", PlanBench.Boot()), 0), Is.Not.EqualTo(one));
        Assert.That(
            Key(Plan("erst", PlanBench.Boot(options: PlanBench.With("pstore.compress", "none"))), 0),
            Is.Not.EqualTo(one)
        );
        Assert.That(
            Key(Plan("erst", PlanBench.Boot(options: Harness.Scenarios.BootOptions.None with { Cpus = 2 })), 0),
            Is.Not.EqualTo(one)
        );
        Assert.That(Key(Plan("erst", PlanBench.Boot()), 0, "/bin/false"), Is.Not.EqualTo(one));
    }

    [Test]
    public void So_does_a_parameter_that_the_user_appends()
    {
        var @case = PlanBench.Case("erst", PlanBench.Boot(), PlanBench.Crash());
        var appended = @case with { Appended = AppendedParameters.Parse("slub_debug=FZ") };
        Assert.That(
            Key(WithFiles(PlanBench.Plan(@case, _folder)), 0),
            Is.EqualTo(Key(WithFiles(PlanBench.Plan(@case, _folder)), 0))
        );
        Assert.That(
            Key(WithFiles(PlanBench.Plan(appended, _folder)), 0),
            Is.Not.EqualTo(Key(WithFiles(PlanBench.Plan(@case, _folder)), 0))
        );
    }

    [Test]
    public void So_does_another_file_of_the_same_name()
    {
        var plan = Plan("erst", PlanBench.Boot());
        string before = Key(plan, 0);
        File.AppendAllText(plan.Files[0].Source, "another kernel");
        Assert.That(Key(plan, 0), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_systemd_guest_with_another_disk_or_another_seed_has_another()
    {
        var plan = Plan("erst", PlanBench.Boot(options: Under("bookworm")), PlanBench.Crash());
        string one = Key(plan, 0);
        Assert.That(
            Key(Plan("erst", PlanBench.Boot(options: Under("bookworm")), PlanBench.Crash()), 0),
            Is.EqualTo(one)
        );
        Assert.That(Key(Plan("erst", PlanBench.Boot(), PlanBench.Crash()), 0), Is.Not.EqualTo(one));
        Assert.That(Key(Plan("erst", PlanBench.Boot(options: Under("trixie"))), 0), Is.Not.EqualTo(one));
        var withFile = Under("bookworm") with
        {
            Files = new Dictionary<string, string> { ["/etc/systemd/pstore.conf"] = "[PStore]\n" },
        };
        Assert.That(Key(Plan("erst", PlanBench.Boot(options: withFile)), 0), Is.Not.EqualTo(one));
        Assert.That(
            Key(Plan("erst", PlanBench.Boot(options: Under("bookworm") with { Modules = ModuleLoading.Early })), 0),
            Is.EqualTo(one),
            "there is no module of ERST to load"
        );
        File.AppendAllText(plan.Files.Single(file => file.Name == "bookworm.qcow2").Source, "another disk");
        Assert.That(Key(plan, 0), Is.Not.EqualTo(one));
    }

    [Test]
    public void A_systemd_guest_with_a_file_of_the_users_has_another_for_each_content_place_and_mode()
    {
        var plan = Plan("erst", PlanBench.Boot(options: Under("bookworm")), PlanBench.Crash());
        var file = new PlannedOwnFile("/usr/lib/systemd/systemd-pstore", "own-1", new string('1', 64), "0755");
        string[] keys =
        [
            Key(plan, 0),
            KeyWith(file),
            KeyWith(file with { Sha256 = new string('2', 64) }),
            KeyWith(file with { Mode = "0644" }),
            KeyWith(file with { Path = "/usr/bin/systemd-pstore" }),
            KeyWith(file, file with { Path = "/usr/bin/systemd-pstore" }),
        ];
        Assert.That(keys, Is.Unique);
        Assert.That(KeyWith(file), Is.EqualTo(keys[1]));

        string KeyWith(params PlannedOwnFile[] files)
        {
            var on = (PowerOn)plan.Boots[0].Steps[0];
            on = on with { Systemd = on.Systemd! with { OwnFiles = files } };
            return CheckpointKey.Of("/bin/true", plan, plan.Boots[0], on);
        }
    }

    private static BootOptions Under(string guest) => BootOptions.None with { Systemd = guest };

    private static string Key(Plan plan, int boot, string qemu = "/bin/true") =>
        CheckpointKey.Of(qemu, plan, plan.Boots[boot], (PowerOn)plan.Boots[boot].Steps[0]);

    private Plan Plan(string backend, params Harness.Scenarios.Step[] steps) =>
        WithFiles(PlanBench.Plan(PlanBench.Case(backend, steps), _folder));

    private Plan WithFiles(Plan plan) =>
        plan with
        {
            Files = [.. plan.Files.Select(file => file with { Source = _folder.Write(file.Name, file.Name) })],
        };
}
