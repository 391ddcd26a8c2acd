using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Plans;

public class PlannerTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    private static Case Cold { get; } =
        PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect());

    [TestCase("erst", "CONFIG_ACPI_APEI")]
    [TestCase("ramoops", "CONFIG_PSTORE_RAM")]
    [TestCase("erst", "CONFIG_PSTORE")]
    [TestCase("pstore-blk", "CONFIG_PSTORE_BLK")]
    [TestCase("pstore-blk", "CONFIG_VIRTIO_BLK")]
    [TestCase("mtd-pstore", "CONFIG_MTD_PSTORE")]
    public void A_kernel_without_what_the_backend_needs_is_unsupported(string backend, string option)
    {
        var config = string.Join('\n', PlanBench.Config.Split('\n').Where(line => !line.StartsWith(option + "=")));
        var fault = Assert.Throws<UnsupportedException>(() =>
            PlanBench.Plan(Cold with { Backend = backend }, _folder, config)
        );
        Assert.That(
            fault!.Message,
            Is.EqualTo($"debian-6.1 (6.1.0-50-amd64) was built without {option}, which the {backend} backend needs")
        );
    }

    [Test]
    public void A_kernel_of_unknown_configuration_is_given_the_benefit_of_the_doubt()
    {
        var images = With(PlanBench.Images(_folder), image => image with { Config = null });
        Assert.That(() => Planner.Plan(Cold, images, "tcg", () => "0"), Throws.Nothing);
    }

    [Test]
    public void The_plan_says_what_each_kernel_compresses_with()
    {
        var plan = PlanBench.Plan(Cold, _folder);
        Assert.That(
            (plan.Kernels[0].Compressors!.Names, plan.Kernels[0].Compressors!.Default),
            Is.EqualTo((new[] { "deflate" }, "deflate"))
        );
        Assert.That(
            (plan.CompressionOf(plan.Boots[0]), plan.CompressionOf(plan.Boots[1])),
            Is.EqualTo(((CompressionMethod?)CompressionMethod.Deflate, (CompressionMethod?)CompressionMethod.Deflate))
        );

        var images = With(PlanBench.Images(_folder), image => image with { Config = null });
        Assert.That(Planner.Plan(Cold, images, "tcg", () => "0").Kernels[0].Compressors, Is.Null, "not known");
    }

    [Test]
    public void A_compression_that_nothing_here_undoes_is_unsupported_for_reader_and_writer([Values(1, 2)] int boot)
    {
        const string Lab = "CONFIG_PSTORE_LZO_COMPRESS=y\nCONFIG_CRYPTO_LZO=y\n";
        static string? Absence(CompressionMethod method) =>
            method == CompressionMethod.Lzo
                ? "liblzo2.so.2 is not on this machine; install the package liblzo2-2"
                : null;
        var lzo = BootOptions.None with { Parameters = new Dictionary<string, string> { ["pstore.compress"] = "lzo" } };
        var none = BootOptions.None with
        {
            Parameters = new Dictionary<string, string> { ["pstore.compress"] = "none" },
        };
        var @case = PlanBench.Case(
            PlanBench.Boot(options: boot == 1 ? lzo : none),
            PlanBench.Crash(),
            PlanBench.Cold(options: boot == 1 ? none : lzo),
            PlanBench.Expect()
        );

        var fault = Assert.Throws<UnsupportedException>(() =>
            Planner.Plan(@case, PlanBench.Images(_folder, PlanBench.Config + Lab), "tcg", () => "0", Absence)
        );
        Assert.That(
            fault!.Message,
            Is.EqualTo(
                $"debian-6.1 compresses with lzo in boot {boot}, which cannot be decompressed here: liblzo2.so.2 "
                    + "is not on this machine; install the package liblzo2-2"
            )
        );
        Assert.That(
            () => Planner.Plan(@case, PlanBench.Images(_folder, PlanBench.Config + Lab), "tcg", () => "0", _ => null),
            Throws.Nothing,
            "with the library"
        );
        Assert.That(
            () => Planner.Plan(@case, PlanBench.Images(_folder), "tcg", () => "0", Absence),
            Throws.Nothing,
            "a kernel that has no lzo"
        );
    }

    [TestCase("", null)]
    [TestCase("CONFIG_PSTORE_CONSOLE=y\n", "0")]
    [TestCase("CONFIG_PSTORE_PMSG=y\n", "0")]
    public void Frontends_that_no_scenario_asks_for_get_no_room_whichever_kernel_boots(string option, string? expected)
    {
        // Only the writer has them; the reader has to look for the same layout.
        var images = PlanBench.Images(_folder);
        var writer = PlanBench.Images(_folder, PlanBench.Config + option).Kernels["debian-6.1"];
        images = images with
        {
            Kernels = new Dictionary<string, BootImage>(images.Kernels) { ["debian-6.1"] = writer },
        };
        var @case = PlanBench.Case(
            "ramoops",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold("debian-7.2"),
            PlanBench.Expect()
        );
        var boots = Planner.Plan(@case, images, "tcg", () => "0").Boots;
        Assert.That(boots, Has.Count.EqualTo(2));
        foreach (var boot in boots)
            Assert.That(boot.Parameters.GetValueOrDefault("ramoops.console_size"), Is.EqualTo(expected));

        var asked = @case with { Parameters = new Dictionary<string, string> { ["ramoops.console_size"] = "0x10000" } };
        Assert.That(
            Planner.Plan(asked, images, "tcg", () => "0").Boots[0].Parameters["ramoops.console_size"],
            Is.EqualTo("0x10000"),
            "a scenario's own word counts"
        );
    }

    [TestCase("console", "CONFIG_PSTORE_CONSOLE")]
    [TestCase("pmsg", "CONFIG_PSTORE_PMSG")]
    [TestCase("ftrace", "CONFIG_PSTORE_FTRACE")]
    public void A_record_of_a_frontend_that_its_writer_is_built_without_is_unsupported(string type, string option)
    {
        var with = PlanBench.Images(_folder, PlanBench.Config + option + "=y\n").Kernels;
        var without = PlanBench.Images(_folder).Kernels;
        var @case = PlanBench.Case(
            "ramoops",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold("debian-7.2"),
            PlanBench.Expect(
                PlanBench.Records(
                    new ExpectedRecord(
                        PlanBench.Line(13),
                        type,
                        null,
                        CrashNumber.Last,
                        null,
                        RecordContent.WholeTail,
                        null
                    )
                )
            )
        );

        Plan Of(BootImage writer, BootImage reader) =>
            Planner.Plan(
                @case,
                PlanBench.Images(_folder) with
                {
                    Kernels = new Dictionary<string, BootImage> { ["debian-6.1"] = writer, ["debian-7.2"] = reader },
                },
                "tcg",
                () => "0"
            );
        var fault = Assert.Throws<UnsupportedException>(() => Of(without["debian-6.1"], with["debian-7.2"]));
        Assert.That(
            fault!.Message,
            Is.EqualTo(
                $"debian-6.1 (6.1.0-50-amd64) was built without {option}, without which it writes no {type} record"
            )
        );
        Assert.That(() => Of(with["debian-6.1"], without["debian-7.2"]), Throws.Nothing, "a reader needs no frontend");
    }

    [Test]
    public void Only_the_size_of_an_erase_block_of_flash_may_be_another_one()
    {
        static Case With(string phram) =>
            Cold with
            {
                Backend = "mtd-pstore",
                Parameters = new Dictionary<string, string> { ["phram.phram"] = phram },
            };
        var boots = Planner
            .Plan(With("pstorelab,0x20000000,0x100000,0x20000"), PlanBench.Images(_folder), "tcg", () => "0")
            .Boots;
        Assert.That(boots[0].Parameters["phram.phram"], Is.EqualTo("pstorelab,0x20000000,0x100000,0x20000"));
        Assert.That(
            () =>
                Planner.Plan(
                    With("pstorelab,0x10000000,0x100000,0x20000"),
                    PlanBench.Images(_folder),
                    "tcg",
                    () => "0"
                ),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EndsWith(
                    "is not the store, which is pstorelab,0x20000000,0x100000; only the size of an erase "
                        + "block, behind a comma, may be another one"
                )
        );
    }

    [Test]
    public void Flash_is_erased_at_first_and_laid_out_for_dumps_alone()
    {
        var @case = Cold with
        {
            Backend = "mtd-pstore",
            Parameters = new Dictionary<string, string> { ["pstore_blk.console_size"] = "64" },
        };
        var plan = Planner.Plan(@case, PlanBench.Images(_folder), "tcg", () => "0");
        Assert.That(plan.Store, Is.EqualTo(new StoreTemplate(1 << 20, null, null, 0xff)));
        Assert.That(plan.StoreOptionsOf(plan.Boots[0]).Parameters, Does.Not.ContainKey("pstore_blk.console_size"));
        Assert.That(
            plan.Steps.OfType<PowerOn>().First().Machine,
            Has.Some.Contains("pstore_blk.console_size=64"),
            "the kernel gets it all the same"
        );
    }

    [Test]
    public void A_bare_image_whose_backend_is_a_module_is_unsupported()
    {
        var images = With(
            PlanBench.Images(_folder),
            image => image with { Kernel = image.Kernel with { Modules = new Dictionary<string, string>() } }
        );
        Assert.That(
            () => Planner.Plan(Cold with { Backend = "ramoops" }, images, "tcg", () => "0"),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.Contains("CONFIG_PSTORE_RAM")
                .And.Message.Contains("--modules")
        );
        Assert.That(() => Planner.Plan(Cold, images, "tcg", () => "0"), Throws.Nothing, "what ERST needs is built in");
    }

    [Test]
    public void A_warm_restart_cannot_change_the_command_line()
    {
        var @case = PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Warm(PlanBench.With("nokaslr", "")),
            PlanBench.Expect()
        );
        Assert.That(
            Fault(@case),
            Does.StartWith($"{PlanBench.Line(13)}: a warm restart keeps the kernel's command line")
                .And.EndWith("change it with `restart: cold`")
        );
    }

    [Test]
    public void A_warm_restart_can_change_what_a_module_is_loaded_with()
    {
        var plan = Plan(
            "ramoops",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Warm(PlanBench.With("ramoops.ecc", "1")),
            PlanBench.Expect()
        );
        var loads = PlanBench.BringUps(plan).Where(words => words.StartsWith("load ramoops")).ToList();
        Assert.That(loads, Has.Count.EqualTo(2));
        Assert.That(loads[1], Is.EqualTo(loads[0] + " ecc=1"));
    }

    [Test]
    public void A_scenarios_parameter_wins_over_the_backends()
    {
        var plan = Plan(
            "ramoops",
            PlanBench.Boot(options: PlanBench.With("ramoops.record_size", "0x1000")),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        var loads = PlanBench.BringUps(plan).Where(words => words.StartsWith("load ramoops")).ToList();
        Assert.That(
            loads,
            Has.Count.EqualTo(2).And.All.Contains(" record_size=0x1000"),
            "what a boot sets holds for those after it"
        );
    }

    [TestCase("ramoops", 0)]
    [TestCase("ramoops", 4096)]
    [TestCase("ramoops", (1 << 20) + 1)]
    [TestCase("ramoops", 65 << 20)]
    [TestCase("erst", 0)]
    [TestCase("erst", 8192)]
    [TestCase("erst", 65537)]
    [TestCase("erst", 65 << 20)]
    [TestCase("efi", 4 << 20)]
    [TestCase("mtd-pstore", 65536)]
    [TestCase("pstore-blk", 65537)]
    [TestCase("pstore-blk", 32 << 10)]
    [TestCase("pstore-blk", 65 << 20)]
    public void A_store_of_a_size_that_cannot_be_is_refused(string backend, long size)
    {
        Assert.That(
            Fault(Cold with { Backend = backend, StoreSize = size }),
            Does.StartWith($"{Cold.Source}: store: ")
        );
    }

    [TestCase("0x20000000", "0x100000")]
    [TestCase("0x20010000", "0xf0000")]
    [TestCase("0x200ff000", "4096")]
    [TestCase("0x1", "0", Description = "the kernel refuses an area of no bytes itself")]
    public void An_area_may_lie_anywhere_in_the_store(string address, string size)
    {
        var options = new BootOptions(
            new Dictionary<string, string> { ["ramoops.mem_address"] = address, ["ramoops.mem_size"] = size },
            null,
            null
        );
        var plan = Plan(
            "ramoops",
            PlanBench.Boot(options: options),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(plan.StoreOptionsOf(plan.Boots[1]).Address, Is.EqualTo(0x20000000));
        Assert.That(plan.StoreOptionsOf(plan.Boots[1]).Parameters["ramoops.mem_address"], Is.EqualTo(address));
    }

    [TestCase("0x1ffff000", "0x1000")]
    [TestCase("0x20001000", "0x100000")]
    [TestCase("0x20100000", "0x1000")]
    [TestCase("0x20000000", "0x7fffffffffffffff")]
    [TestCase("0x7fffffffffffffff", "0x1000")]
    [TestCase("0", "0x1000")]
    public void An_area_that_reaches_out_of_the_store_is_refused(string address, string size)
    {
        var options = new BootOptions(
            new Dictionary<string, string> { ["ramoops.mem_address"] = address, ["ramoops.mem_size"] = size },
            null,
            null
        );
        Assert.That(
            Fault(
                PlanBench.Case(
                    "ramoops",
                    PlanBench.Boot(),
                    PlanBench.Crash(),
                    PlanBench.Cold(options: options),
                    PlanBench.Expect()
                )
            ),
            Is.EqualTo(
                $"{PlanBench.Line(13)}: ramoops.mem_address {address} with ramoops.mem_size {size} reaches "
                    + "into the guest's own memory; "
                    + "the store is 0x100000 bytes from 0x20000000 on, and `store: 2M` and the like make it larger"
            )
        );
    }

    [Test]
    public void An_area_that_is_no_number_is_refused() =>
        Assert.That(
            Fault(
                PlanBench.Case(
                    "ramoops",
                    PlanBench.Boot(options: PlanBench.With("ramoops.mem_size", "1M")),
                    PlanBench.Crash(),
                    PlanBench.Cold(),
                    PlanBench.Expect()
                )
            ),
            Is.EqualTo(
                $"{PlanBench.Line(11)}: the parameter ramoops.mem_size is '1M'; expected a number, such as "
                    + "65536 or 0x10000"
            )
        );

    [TestCase("ramoops", 2 << 20)]
    [TestCase("erst", 65536)]
    [TestCase("pstore-blk", 65536)]
    public void The_store_is_as_large_as_was_asked_for(string backend, long size)
    {
        var store = PlanBench.Plan(Cold with { Backend = backend, StoreSize = size }, _folder).Store;
        Assert.That(store.Size, Is.EqualTo(size));
        Assert.That(store.Address is not null, Is.EqualTo(backend == "ramoops"), "only memory has an address");
    }

    [Test]
    public void An_image_that_cannot_reach_the_backend_is_refused()
    {
        if (!File.Exists("/usr/share/OVMF/OVMF_CODE_4M.fd"))
            Assert.Ignore("no OVMF firmware where Debian has it");
        var options = BootOptions.None with { Image = KernelImage.Vmlinux };
        var @case = PlanBench.Case(
            "efi",
            PlanBench.Boot(options: options),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            Fault(@case),
            Is.EqualTo($"{@case.Source}: the efi backend cannot boot the vmlinux image; it boots bzImage")
        );
    }

    [Test]
    public void The_image_that_was_asked_for_is_the_one_that_boots()
    {
        var options = BootOptions.None with { Image = KernelImage.BzImage };
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: options),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            plan.Files.Select(file => file.Source),
            Is.EqualTo(["/cache/debian-6.1/vmlinuz", "/cache/debian-6.1/initramfs"])
        );
    }

    [TestCase(2)]
    public void A_record_of_a_crash_that_never_was_is_refused(int crash)
    {
        var @case = PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records(PlanBench.Panic(crash)))
        );
        Assert.That(
            Fault(@case),
            Is.EqualTo($"{PlanBench.Line(17)}: crash {crash} does not exist here; 1 came before")
        );
    }

    [Test]
    public void A_warm_restart_after_a_power_cut_is_refused()
    {
        var @case = PlanBench.Case(
            PlanBench.Boot(),
            new PowerCutStep(PlanBench.Line(12), null, "none", 4),
            PlanBench.Warm(),
            PlanBench.Expect()
        );
        Assert.That(Fault(@case), Does.Contain("use `restart: cold`"));
    }

    [Test]
    public void An_unknown_way_to_crash_is_refused_with_those_there_are()
    {
        Assert.That(
            Fault(PlanBench.Case(PlanBench.Boot(), PlanBench.Crash("hammer"))),
            Does.StartWith("there is no crash trigger called 'hammer'; there are sysrq-c")
        );
    }

    [Test]
    public void Only_a_machine_with_no_warm_restart_ahead_ends_with_the_guests_reset()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Warm(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        var machines = plan.Steps.OfType<PowerOn>().ToList();
        Assert.That(machines.Select(machine => machine.ExitsOnReset), Is.EqualTo([false, true, true]));
        Assert.That(
            machines.Select(machine => machine.Machine.Contains("-no-reboot")),
            Is.EqualTo([false, true, true])
        );
    }

    private static DamageStep Zeroed { get; } = PlanBench.Damage(new Zero(1, RegionKind.Data));

    [Test]
    public void A_guest_that_lives_is_ended_before_its_store_is_damaged()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(),
            PlanBench.Crash("none"),
            Zeroed,
            Zeroed,
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            Kinds(plan),
            Is.EqualTo("PowerOn NoteBackend Mark PowerOff DamageStore DamageStore PowerOn NoteBackend Inspect")
        );
        Assert.That(
            plan.Steps.OfType<DamageStore>().Select(damage => (damage.Number, damage.Damage)),
            Is.EqualTo([(1, Zeroed.Damage), (2, Zeroed.Damage)])
        );
    }

    [Test]
    public void A_guest_that_is_dead_is_not_ended_again_for_damage()
    {
        var plan = Plan("erst", PlanBench.Boot(), PlanBench.Crash(), Zeroed, PlanBench.Cold(), PlanBench.Expect());
        Assert.That(Kinds(plan), Is.EqualTo("PowerOn NoteBackend Mark Crash DamageStore PowerOn NoteBackend Inspect"));
        plan = Plan(
            "erst",
            PlanBench.Boot(),
            new PowerCutStep(PlanBench.Line(12), null, "none", 4),
            Zeroed,
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            Kinds(plan),
            Is.EqualTo("PowerOn NoteBackend Mark CutPower DamageStore PowerOn NoteBackend Inspect")
        );
    }

    [Test]
    public void A_guest_that_oopsed_has_to_be_told_to_reset()
    {
        var plan = Plan("erst", PlanBench.Boot(), PlanBench.Crash("oops"), PlanBench.Warm(), PlanBench.Expect());
        Assert.That(Kinds(plan), Is.EqualTo("PowerOn NoteBackend Mark Oops Reboot WarmBoot NoteBackend Inspect"));
        plan = Plan("erst", PlanBench.Boot(), PlanBench.Crash("oops"), PlanBench.Cold(), PlanBench.Expect());
        Assert.That(Kinds(plan), Is.EqualTo("PowerOn NoteBackend Mark Oops PowerOff PowerOn NoteBackend Inspect"));
        plan = Plan(
            "erst",
            PlanBench.Boot(),
            PlanBench.Crash("oops"),
            PlanBench.Crash(),
            PlanBench.Warm(),
            PlanBench.Expect()
        );
        Assert.That(
            Kinds(plan),
            Is.EqualTo("PowerOn NoteBackend Mark Oops Mark Crash WarmBoot NoteBackend Inspect"),
            "the panic has reset it already"
        );
    }

    [Test]
    public void A_record_that_is_written_later_is_waited_for()
    {
        var plan = Plan(
            "pstore-blk",
            PlanBench.Boot(),
            PlanBench.Crash("none"),
            PlanBench.Crash("oops"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            plan.Steps.OfType<AwaitStore>().Single(),
            Is.EqualTo(new AwaitStore(new CrashNumber(2), plan.Steps.OfType<Mark>().Last().Nonce, 20))
        );
        Assert.That(plan.Steps.SkipWhile(step => step is not Oops).Skip(1).First(), Is.TypeOf<AwaitStore>());
        plan = Plan("pstore-blk", PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect());
        Assert.That(plan.Steps.OfType<AwaitStore>(), Is.Empty, "a panic writes at once or never");
    }

    [Test]
    public void A_kernel_without_the_module_that_an_oops_is_made_of_is_unsupported()
    {
        var image = PlanBench.Images(_folder).Kernels["debian-6.1"];
        image = image with
        {
            Kernel = image.Kernel with
            {
                Modules = image.Kernel.Modules.Where(module => module.Key != "efi_pstore").ToDictionary(),
            },
        };
        var images = new GuestImages(
            new Dictionary<string, BootImage> { ["debian-6.1"] = image },
            new Dictionary<string, GuestDisk>()
        );
        Assert.That(
            () => Planned(PlanBench.Crash("oops")),
            Throws
                .TypeOf<UnsupportedException>()
                .With.Message.EqualTo(
                    "debian-6.1 has no module that an oops can be made of (efi_pstore or test_udelay), "
                        + "which the crash 'oops' needs"
                )
        );
        Assert.That(() => Planned(PlanBench.Crash()), Throws.Nothing);

        Plan Planned(CrashStep crash) =>
            Planner.Plan(
                PlanBench.Case(PlanBench.Boot(), crash, PlanBench.Cold(), PlanBench.Expect()),
                images,
                "tcg",
                () => "n"
            );
    }

    [Test]
    public void What_a_store_is_decoded_by_is_what_each_boot_was_given()
    {
        var plan = Plan(
            "ramoops",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Warm(PlanBench.With("ramoops.ecc", "1")),
            PlanBench.Crash(),
            PlanBench.Cold("debian-7.2", PlanBench.With("ramoops.record_size", "0x1000")),
            PlanBench.Expect()
        );
        Assert.That(
            plan.StoreOptionsOf(plan.Boots[0]).Parameters,
            Does.Not.ContainKey("ramoops.ecc").And.ContainKey("ramoops.mem_size")
        );
        Assert.That(
            plan.StoreOptionsOf(plan.Boots[1]).Parameters,
            Does.ContainKey("ramoops.ecc").WithValue("1").And.Not.ContainValue("0x1000")
        );
        Assert.That(
            plan.StoreOptionsOf(plan.Boots[2]).Parameters,
            Does.ContainKey("ramoops.ecc").WithValue("1").And.ContainKey("ramoops.record_size").WithValue("0x1000")
        );
        Assert.That(
            plan.Boots.Select(boot => plan.StoreOptionsOf(boot).Kernel),
            Is.EqualTo([new Version(6, 1), new Version(6, 1), new Version(7, 2)])
        );
    }

    [Test]
    public void Every_crash_has_a_nonce_of_its_own()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Crash("none"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            plan.Steps.OfType<Mark>().Select(mark => (mark.Number.Value, mark.Nonce)),
            Is.EqualTo([(1, "0000000000000001"), (2, "0000000000000002")])
        );
    }

    [Test]
    public void A_parameter_goes_to_the_module_that_is_loaded_and_else_to_the_kernel()
    {
        var parameters = new Dictionary<string, string>
        {
            ["ramoops.ecc"] = "1",
            ["efi-pstore.pstore_disable"] = "0",
            ["pstore.update_ms"] = "1000",
            ["nokaslr"] = "",
            ["printk.devkmsg"] = "on",
        };
        var routing = ParameterRouting.Of(parameters, ["reed_solomon", "ramoops", "efi_pstore"]);
        Assert.That(
            routing.Loads.Select(load => load.Words),
            Is.EqualTo(["load reed_solomon", "load ramoops ecc=1", "load efi_pstore pstore_disable=0"])
        );
        Assert.That(routing.KernelArguments, Is.EqualTo(["pstore.update_ms=1000", "nokaslr", "printk.devkmsg=on"]));
    }

    [Test]
    public void A_machine_may_have_several_backends_each_with_a_store_of_its_own()
    {
        var plan = PlanBench.Plan(
            Cold with
            {
                Backend = "ramoops",
                Present = ["erst", "ramoops", "pstore-blk"],
            },
            _folder
        );
        var machine = plan.Steps.OfType<PowerOn>().First().Machine;
        string[] loads =
        [
            .. plan
                .Steps.OfType<NoteBackend>()
                .SelectMany(note => ((AgentRequest.BringUp)note.Request).Loads)
                .Select(load => load.Module),
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                plan.Others.Select(other => (other.Backend, other.File)),
                Is.EqualTo(new[] { ("erst", "store-erst"), ("pstore-blk", "store-pstore-blk") })
            );
            Assert.That(
                machine,
                Has.One.Contains("mem-path=store,")
                    .And.One.Contains("mem-path=store-erst,")
                    .And.One.EndsWith("file=store-pstore-blk")
            );
            Assert.That(
                Array.IndexOf(loads, "ramoops"),
                Is.InRange(0, Array.IndexOf(loads, "pstore_blk") - 1).Or.EqualTo(-1)
            );
            Assert.That(ReproScript.Write(plan), Does.Contain("cp --sparse=always ../store-erst.before store-erst\n"));
        }
    }

    [Test]
    public void The_backends_that_are_there_too_need_what_they_need()
    {
        var config = string.Join(
            '\n',
            PlanBench.Config.Split('\n').Where(line => !line.StartsWith("CONFIG_PSTORE_RAM="))
        );
        Assert.That(
            Assert
                .Throws<UnsupportedException>(() =>
                    PlanBench.Plan(Cold with { Present = ["erst", "ramoops"] }, _folder, config)
                )!
                .Message,
            Is.EqualTo(
                "debian-6.1 (6.1.0-50-amd64) was built without CONFIG_PSTORE_RAM, which the ramoops backend needs"
            )
        );
    }

    [TestCase("kvm", "host", " panic=-1 nokaslr")]
    [TestCase("tcg", "qemu64,cx16=off", " panic=-1 no_timer_check cryptomgr.notests nokaslr")]
    public void The_machine_suits_the_accelerator(string accelerator, string processor, string kernelArguments)
    {
        var words = MachineArguments
            .Build(
                MachineCatalogue.Default,
                accelerator,
                Backends.StoreAttachment.None,
                systemd: null,
                "k",
                "i",
                ["nokaslr"],
                exitsOnReset: false
            )
            .ToList();
        Assert.That(words[words.IndexOf("-cpu") + 1], Is.EqualTo(processor));
        Assert.That(words[words.IndexOf("-accel") + 1], Is.EqualTo(accelerator));
        Assert.That(words[words.IndexOf("-append") + 1], Does.EndWith(kernelArguments));
        Assert.That(words, Has.None.EqualTo("-no-reboot"));
        Assert.That(words[words.IndexOf("-action") + 1], Is.EqualTo("panic=none"), "anything else loses records");
    }

    private static GuestImages With(GuestImages images, Func<BootImage, BootImage> change) =>
        images with
        {
            Kernels = images.Kernels.ToDictionary(image => image.Key, image => change(image.Value)),
        };

    private static string Kinds(Plan plan) => string.Join(' ', plan.Steps.Select(step => step.GetType().Name));

    private Plan Plan(string backend, params Step[] steps) => PlanBench.Plan(PlanBench.Case(backend, steps), _folder);

    private string Fault(Case @case) => Assert.Throws<UsageException>(() => PlanBench.Plan(@case, _folder))!.Message;
}
