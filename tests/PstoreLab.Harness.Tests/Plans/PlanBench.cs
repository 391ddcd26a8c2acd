using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Kernels;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>Cases and images for the planner, made of nothing but names.</summary>
internal static class PlanBench
{
    public const string Config =
        "CONFIG_PSTORE=y\nCONFIG_PSTORE_RAM=m\nCONFIG_ACPI_APEI=y\nCONFIG_EFI_VARS_PSTORE=m\n"
        + "CONFIG_PSTORE_BLK=m\nCONFIG_VIRTIO_BLK=m\nCONFIG_VIRTIO_PCI=y\nCONFIG_MTD_PSTORE=y\nCONFIG_MTD_PHRAM=y\n"
        + "CONFIG_CRASH_DUMP=y\nCONFIG_KEXEC_FILE=y\nCONFIG_RELOCATABLE=y\nCONFIG_PROC_VMCORE=y\n"
        + "CONFIG_EXT4_FS=m\nCONFIG_VIRTIO_NET=m\nCONFIG_CGROUPS=y\nCONFIG_INET=y\nCONFIG_UNIX=y\n"
        + "CONFIG_INOTIFY_USER=y\nCONFIG_FHANDLE=y\n"
        + "CONFIG_PSTORE_COMPRESS=y\nCONFIG_PSTORE_DEFLATE_COMPRESS=y\nCONFIG_CRYPTO_DEFLATE=y\n"
        + "CONFIG_PSTORE_COMPRESS_DEFAULT=\"deflate\"\n";

    public static SourceLocation Line(long line) => new("scenarios/cycle/record-whole.yaml", line, 5);

    public static Expectation OnePanic { get; } = Records(Panic());

    public static ExpectedRecord Panic(int? crash = null) =>
        new(
            Line(17),
            "dmesg",
            "Panic",
            crash is { } number ? new CrashNumber(number) : CrashNumber.Last,
            null,
            RecordContent.WholeTail,
            null
        );

    public static Expectation Records(params ExpectedRecord[] records) => new(Line(16), records, [], []);

    public static BootStep Boot(string kernel = "debian-6.1", BootOptions? options = null) =>
        new(Line(11), kernel, options ?? BootOptions.None);

    public static CrashStep Crash(string trigger = "sysrq-c") => new(Line(12), trigger, 8, trigger == "oops");

    public static DamageStep Damage(Damage damage) => new(Line(14), damage);

    public static RestartStep Cold(string? kernel = null, BootOptions? options = null) =>
        new(Line(13), RestartKind.Cold, kernel, options ?? BootOptions.None);

    public static RestartStep Warm(BootOptions? options = null) =>
        new(Line(13), RestartKind.Warm, null, options ?? BootOptions.None);

    public static ExpectStep Expect(Expectation? expectation = null) => new(Line(16), expectation ?? OnePanic);

    public static BootOptions With(string parameter, string value) =>
        new(new Dictionary<string, string> { [parameter] = value }, null, null);

    /// <summary>What its guests are asked for before <c>/sys/fs/pstore</c> is mounted, and for that.</summary>
    public static IEnumerable<string> BringUps(Plan plan) =>
        plan.Steps.OfType<NoteBackend>().SelectMany(note => note.Request.Parts);

    public static Case Case(params Step[] steps) => Case("erst", steps);

    public static Case Case(string backend, params Step[] steps) =>
        new(
            $"cycle/record-whole/{backend}",
            "cycle",
            "record-whole",
            "A panic leaves one record that is whole.",
            Line(7),
            new Dictionary<string, string> { ["backend"] = backend },
            backend,
            null,
            new Dictionary<string, string>(),
            steps,
            [],
            false
        );

    /// <summary>
    /// The images of two Debian kernels as the cache holds them, ramoops and what it needs among their modules.
    /// </summary>
    public static GuestImages Images(ScratchFolder folder, string config = Config) =>
        new(
            new Dictionary<string, BootImage>
            {
                ["debian-6.1"] = Image(folder, "debian-6.1", "6.1.176-1", "6.1.0-50-amd64", config),
                ["debian-7.2"] = Image(folder, "debian-7.2", "7.2.1-1", "7.2+deb14-amd64", config),
            },
            new Dictionary<string, GuestDisk>
            {
                ["bookworm"] = new("bookworm", "/cache/bookworm/disk.qcow2", DiskFormat.Qcow2, "252.39-1~deb12u2"),
                ["trixie"] = new("trixie", "/cache/trixie/disk.qcow2", DiskFormat.Qcow2, "257.9-1~deb13u1"),
            }
        );

    public static Plan Plan(Case @case, ScratchFolder folder, string config = Config)
    {
        var nonces = 0;
        return Planner.Plan(@case, Images(folder, config), "tcg", () => $"{++nonces:x16}");
    }

    private static BootImage Image(ScratchFolder folder, string name, string version, string release, string config)
    {
        var modules = new Dictionary<string, string>
        {
            ["ramoops"] = folder.Write($"{name}/ramoops.ko", Synthetic.Module("reed_solomon")),
            ["reed_solomon"] = folder.Write($"{name}/reed_solomon.ko", Synthetic.Module("")),
            ["virtio_blk"] = folder.Write($"{name}/virtio_blk.ko", Synthetic.Module("")),
            ["pstore_zone"] = folder.Write($"{name}/pstore_zone.ko", Synthetic.Module("")),
            ["pstore_blk"] = folder.Write($"{name}/pstore_blk.ko", Synthetic.Module("pstore_zone")),
            ["efi_pstore"] = folder.Write($"{name}/efi-pstore.ko", Synthetic.Module("")),
        };
        var kernel = new Kernel(
            name,
            version,
            release,
            $"/cache/{name}/vmlinuz",
            $"/cache/{name}/vmlinux",
            $"/cache/{name}/config",
            modules
        );
        return new BootImage(
            kernel,
            KernelConfig.Parse(config.Split('\n')),
            $"/cache/{name}/initramfs",
            $"/cache/{name}/systemd.initramfs",
            $"/cache/{name}/crash.initramfs"
        );
    }
}
