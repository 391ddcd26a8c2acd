using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>
/// Which boots a checkpoint may stand for: those that are the same whatever is in the store. One too many shows a
/// kernel another store than the case has.
/// </summary>
public class PlannedStartTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [TestCase("ramoops")]
    [TestCase("erst")]
    [TestCase("pstore-blk")]
    public void The_empty_store_and_one_that_only_a_module_or_the_mount_reads(string backend) =>
        Assert.That(
            StartsOf(Plan(backend, PlanBench.Cold())),
            Is.EqualTo([
                "a checkpoint may stand for it: the store is empty",
                "a checkpoint may stand for it: nothing has used the store yet",
            ])
        );

    [TestCase("ramoops", "ramoops")]
    [TestCase("pstore-blk", "virtio_blk")]
    [TestCase("efi", "efi_pstore")]
    public void Not_one_that_a_built_in_driver_reads(string backend, string driver)
    {
        var images = PlanBench.Images(_folder);
        images = images with
        {
            Kernels = images.Kernels.ToDictionary(
                image => image.Key,
                image =>
                    image.Value with
                    {
                        Kernel = image.Value.Kernel with
                        {
                            Modules = image.Value.Kernel.Modules.Where(module => module.Key != driver).ToDictionary(),
                        },
                    }
            ),
        };
        var plan = Planner.Plan(Case(backend, PlanBench.Cold()), images, "tcg", () => "0123456789abcdef");
        Assert.That(StartsOf(plan)[0], Does.StartWith("a checkpoint may stand for it"));
        Assert.That(StartsOf(plan)[1], Is.EqualTo($"a fresh boot: the store of {backend} is in use at boot"));
    }

    [TestCase("erst", true)]
    [TestCase("ramoops", false)]
    public void Of_two_crashes_with_several_parts_only_one_has_the_log_of_the_checkpoint(string backend, bool fresh)
    {
        var crashes = PlanBench.Case(
            backend,
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            StartsOf(PlanBench.Plan(crashes, _folder)),
            Is.EqualTo([
                "a checkpoint may stand for it: the store is empty",
                fresh
                    ? "a fresh boot: another boot of this case has the checkpoint's log, and dumps have parts of it"
                    : "a checkpoint may stand for it: nothing has used the store yet",
                "a checkpoint may stand for it: nothing has used the store yet",
            ])
        );
    }

    [Test]
    public void Variables_that_the_firmware_has_copied_are_given_to_a_reader()
    {
        var plan = Plan("efi", PlanBench.Cold());
        Assert.That(
            StartsOf(plan),
            Is.EqualTo([
                "a checkpoint may stand for it: the store is empty",
                "a checkpoint may stand for it: its firmware is given the variables",
            ])
        );
        Assert.That(Ons(plan).Select(on => on.Start!.TakesVariables), Is.EqualTo([false, true]));
        Assert.That(plan.FirmwareStore, Is.EqualTo("store"));
    }

    [Test]
    public void Not_to_one_that_may_write_behind_them()
    {
        Step[] steps = [PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()];
        foreach (
            var writes in (Step[])
                [PlanBench.Crash(), PlanBench.Warm(), new RunStep(PlanBench.Line(13), "echo >/dev/kmsg", 0)]
        )
        {
            var plan = PlanBench.Plan(PlanBench.Case("efi", [.. steps, writes, PlanBench.Expect()]), _folder);
            Assert.That(
                StartsOf(plan)[1],
                Is.EqualTo("a fresh boot: firmware is to write behind what it has read at boot")
            );
        }

        var erased = PlanBench.Case("efi", [.. steps, new EraseStep(PlanBench.Line(13), "*"), PlanBench.Expect()]);
        Assert.That(Ons(PlanBench.Plan(erased, _folder))[1].Start!.TakesVariables);
    }

    [Test]
    public void Nor_memory_that_the_kernel_takes_for_its_own()
    {
        var named = BootOptions.None with
        {
            Parameters = new Dictionary<string, string>
            {
                ["reserve_mem"] = "4M:512M:oops",
                ["ramoops.mem_name"] = "oops",
            },
        };
        var @case = Case("ramoops", PlanBench.Cold(options: named)) with { StoreSize = 8 << 20 };
        Assert.That(
            StartsOf(PlanBench.Plan(@case, _folder))[1],
            Is.EqualTo("a fresh boot: the store of ramoops is in use at boot")
        );
    }

    [TestCase("ramoops")]
    [TestCase("erst")]
    [TestCase("efi")]
    public void Nor_a_store_that_systemd_mounts_but_the_empty_one(string backend) =>
        Assert.That(
            StartsOf(Plan(backend, PlanBench.Cold(), UnderSystemd)),
            Is.EqualTo([
                "a checkpoint may stand for it: the store is empty",
                "a fresh boot: systemd mounts the store at boot",
            ])
        );

    [Test]
    public void Nor_a_store_that_is_given_to_systemd()
    {
        var @case = PlanBench.Case("erst", PlanBench.Boot(options: UnderSystemd), PlanBench.Crash()) with
        {
            GivenStore = "/a/store",
        };
        Assert.That(
            StartsOf(PlanBench.Plan(@case, _folder)),
            Is.EqualTo(["a fresh boot: systemd mounts the store at boot"])
        );
    }

    [Test]
    public void Nor_a_boot_of_systemd_that_is_itself_inspected()
    {
        var boot = PlanBench.Boot(options: UnderSystemd);
        Assert.That(
            StartsOf(PlanBench.Plan(PlanBench.Case("erst", boot, PlanBench.Expect(PlanBench.Records())), _folder)),
            Is.EqualTo(["a fresh boot: what systemd does at this boot is inspected"])
        );
        Assert.That(
            StartsOf(
                PlanBench.Plan(PlanBench.Case("erst", PlanBench.Boot(), PlanBench.Expect(PlanBench.Records())), _folder)
            ),
            Is.EqualTo(["a checkpoint may stand for it: the store is empty"]),
            "an initramfs guest mounts it later"
        );
    }

    [Test]
    public void Nor_any_when_all_are_to_be_fresh()
    {
        var plan = Planner.Plan(
            Case("erst", PlanBench.Cold()),
            PlanBench.Images(_folder),
            "tcg",
            () => "0123456789abcdef",
            freshBoots: true
        );
        Assert.That(StartsOf(plan), Is.All.EqualTo("a fresh boot: all boots are to be fresh"));
    }

    [Test]
    public void A_case_takes_the_memory_of_clones_where_no_kernel_and_no_command_takes_more()
    {
        var run = new RunStep(PlanBench.Line(13), "true", 0);
        var nothing = PlanBench.Expect(PlanBench.Records());
        var captured = BootOptions.None with { CaptureKernel = CaptureKernel.Loaded };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Plan("ramoops", PlanBench.Cold()).IsRestorable);
            Assert.That(Plan("ramoops", PlanBench.Warm()).IsRestorable, Is.False);
            Assert.That(Plan("efi", PlanBench.Cold()).IsRestorable, Is.False, "its reader may boot");
            Assert.That(Plan("ramoops", PlanBench.Cold(options: captured)).IsRestorable, Is.False);
            Assert.That(
                PlanBench.Plan(PlanBench.Case("erst", PlanBench.Boot(), run, nothing), _folder).IsRestorable,
                Is.False
            );
        }
    }

    [Test]
    public void The_memory_of_a_clone_is_its_own_and_its_store_is_not()
    {
        var on = Ons(Plan("ramoops", PlanBench.Cold()))[0];
        string machine = string.Join(
            ' ',
            on.MachineWith(new KeptMemory(MachineCatalogue.Default, "/a,b", IsShared: false), 1)
        );
        Assert.That(
            machine,
            Does.Contain("id=ordinary,size=512M,mem-path=/a,,b/ordinary.ram,share=off")
                .And.Contain("id=window,size=1M,mem-path=store,share=on")
                .And.Contain("id=tail,size=32M,mem-path=/a,,b/tail.ram,share=off")
                .And.Not.Contain("memory-backend-ram")
        );
        on = Ons(Plan("erst", PlanBench.Cold()))[0];
        Assert.That(
            on.MachineWith(new KeptMemory(MachineCatalogue.Default, "/a", IsShared: true), 1),
            Does.Contain("memory-backend-file,id=ordinary,size=512M,mem-path=/a/ordinary.ram,share=on")
                .And.Contain("memory-backend=ordinary")
        );
    }

    private static BootOptions UnderSystemd { get; } = BootOptions.None with { Systemd = "bookworm" };

    private Plan Plan(string backend, Step restart, BootOptions? options = null) =>
        PlanBench.Plan(Case(backend, restart, options), _folder);

    private static Case Case(string backend, Step restart, BootOptions? options = null) =>
        PlanBench.Case(backend, PlanBench.Boot(options: options), PlanBench.Crash(), restart, PlanBench.Expect());

    private static PowerOn[] Ons(Plan plan) => [.. plan.Steps.OfType<PowerOn>()];

    private static string[] StartsOf(Plan plan) => [.. Ons(plan).Select(on => on.Start!.ToString())];
}
