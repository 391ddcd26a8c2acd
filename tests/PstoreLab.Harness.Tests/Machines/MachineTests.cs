using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Machines;

/// <summary>What a machine says of itself is what is done: nothing else knows a PC.</summary>
public class MachineTests
{
    private static readonly IMachine Pc = MachineCatalogue.Default;

    [Test]
    public void A_machine_is_found_by_its_name_and_another_name_says_which_there_are()
    {
        Assert.That(MachineCatalogue.Get("pc"), Is.SameAs(Pc));
        Assert.That(
            () => MachineCatalogue.Get("virt"),
            Throws.TypeOf<UsageException>().With.Message.EqualTo("there is no machine 'virt'; there are pc")
        );
    }

    [Test]
    public void Names_of_machines_are_told_apart() =>
        Assert.That(MachineCatalogue.All.Select(machine => machine.Name), Is.Unique);

    [TestCase("erst", "ErrorRecordStore")]
    [TestCase("efi", "EfiVariables")]
    [TestCase("ramoops", "ReservedRange")]
    [TestCase("mtd-pstore", "ReservedRange")]
    public void A_backend_is_unsupported_on_a_machine_that_cannot_have_it(string backend, string reason)
    {
        var @case = PlanBench.Case(backend, PlanBench.Boot(), PlanBench.Crash());
        Assert.That(
            () => new MachineStores(@case, new BareMachine()),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.EqualTo($"the {backend} backend is not on the machine 'bare': it has no {reason}")
        );
        Assert.That(() => new MachineStores(@case, Pc), Throws.Nothing);
    }

    [Test]
    public void A_backend_that_needs_nothing_of_the_machine_is_everywhere() =>
        Assert.That(
            () => new MachineStores(PlanBench.Case("pstore-blk", PlanBench.Boot()), new BareMachine()),
            Throws.Nothing
        );

    [TestCase("nmi", "NonMaskableInterrupt")]
    [TestCase("mce", "MachineCheck")]
    [TestCase("sysrq-c", null)]
    public void A_crash_is_unsupported_on_a_machine_that_cannot_set_it_off(string crash, string? reason)
    {
        using var folder = new ScratchFolder();
        var image = PlanBench.Images(folder, PlanBench.Config + "CONFIG_X86_MCE=y\n").Kernels["debian-6.1"];
        var trigger = CrashCatalogue.Get(crash);
        Assert.That(
            () => KernelNeeds.RequireToCrash(new BareMachine(), image, trigger),
            reason is null
                ? Throws.Nothing
                : Throws
                    .TypeOf<UnsupportedException>()
                    .With.Message.EqualTo($"the crash '{crash}' is not on the machine 'bare': it has no {reason}")
        );
        Assert.That(() => KernelNeeds.RequireToCrash(Pc, image, trigger), Throws.Nothing);
    }

    [Test]
    public void The_window_lies_where_the_machine_has_memory_and_is_kept_as_its_kernels_understand()
    {
        var machine = new BareMachine(MachineFeature.ReservedRange);
        var stores = new MachineStores(PlanBench.Case("ramoops", PlanBench.Boot(), PlanBench.Crash()), machine);
        Assert.That(stores.Store.Address, Is.EqualTo(0x60000000));
        Assert.That(stores.Attached.Parameters["ramoops.mem_address"], Is.EqualTo("0x60000000"));
        Assert.That(stores.Attached.Parameters["keep"], Is.EqualTo("0x100000@0x60000000"));
        Assert.That(stores.Attached.Parameters, Does.Not.ContainKey("memmap"));
        Assert.That(stores.Attached.Memory.MiB, Is.EqualTo(GuestMemory.OrdinaryMiB + 1 + 8));
        Assert.That(stores.ImageFor(null), Is.EqualTo(KernelImage.BzImage));
    }

    [Test]
    public void A_scenario_cannot_replace_what_keeps_the_window_on_its_machine()
    {
        var machine = new BareMachine(MachineFeature.ReservedRange);
        var stores = new MachineStores(PlanBench.Case("ramoops", PlanBench.Boot(), PlanBench.Crash()), machine);
        var parameters = stores.Attached.Parameters;
        Assert.That(() => stores.RequireValid(parameters, PlanBench.Line(1)), Throws.Nothing);
        Assert.That(
            () =>
                stores.RequireValid(
                    new Dictionary<string, string>(parameters) { ["keep"] = "0x1@0x0" },
                    PlanBench.Line(1)
                ),
            Throws.TypeOf<UsageException>().With.Message.Contains("keep 0x1@0x0 would take the place of")
        );
    }

    [Test]
    public void QEMU_and_kernel_get_the_arguments_of_the_machine()
    {
        Assert.That(
            string.Join(' ', Arguments(new BareMachine(), "tcg")),
            Does.Contain("-machine bare -accel tcg -smp")
                .And.Contain("-append console=hvc0 ignore_loglevel")
                .And.Contain("panic=-1 slow cryptomgr.notests")
        );
        Assert.That(
            string.Join(' ', Arguments(new BareMachine(), "kvm")),
            Does.EndWith("panic=-1 -action panic=none -no-reboot")
        );
        using var line = new SerialLine(new BareMachine(), "/dev/null");
        Assert.That(string.Join(' ', line.Arguments), Does.EndWith("-device agent,chardev=agent"));
    }

    [TestCase(528L << 10, "4M")]
    [TestCase(128L << 10, "2M")]
    [TestCase(null, "4M")]
    public void The_build_of_a_firmware_is_known_by_its_variable_store(long? size, string build)
    {
        using var folder = new ScratchFolder();
        Assert.That(Firmware(folder).Find(size).Code, Is.EqualTo(Path.Combine(folder.Path, build, "code")));
    }

    [Test]
    public void A_firmware_says_which_stores_it_can_have_and_what_is_missing()
    {
        using var folder = new ScratchFolder();
        var firmware = Firmware(folder);
        Assert.That(
            () => firmware.Find(64 << 10),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EqualTo(
                    "store: an EFI variable store is as large as its firmware has it: 528K (EDK of 4 MB, the "
                        + "default) or 128K (EDK of 2 MB)"
                )
        );
        File.Delete(firmware.Builds[0].Code);
        Assert.That(
            () => firmware.Find(null),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.EqualTo(
                    $"no EDK firmware whose variable store has 528K at {folder.Path}/4M/code; install it (Debian, "
                        + "Ubuntu: apt-get install edk)"
                )
        );
        File.Delete(firmware.Builds[1].Variables);
        Assert.That(
            () => firmware.Find(128 << 10),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.EqualTo(
                    "no EDK firmware whose variable store has 128K; only the 2 MB build of EDK has such a one"
                )
        );
    }

    private static EfiFirmware Firmware(ScratchFolder folder)
    {
        EfiBuild Build(string name, int size) =>
            new(folder.Write($"{name}/code", "code"), folder.Write($"{name}/variables", new byte[size]));
        return new EfiFirmware(
            "EDK",
            "edk",
            "CODE.fd",
            [new EfiLayout(528 << 10, "4 MB"), new EfiLayout(128 << 10, "2 MB")],
            [Build("4M", 528 << 10), Build("2M", 128 << 10)]
        );
    }

    private static IReadOnlyList<string> Arguments(IMachine machine, string accelerator) =>
        MachineArguments.Build(machine, accelerator, StoreAttachment.None, null, "k", "i", [], exitsOnReset: true);
}
