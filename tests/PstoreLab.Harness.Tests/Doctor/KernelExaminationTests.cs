using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Doctor;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Tests.Doctor;

/// <summary>What a kernel is said to have, by its configuration and its modules.</summary>
public class KernelExaminationTests
{
    private const string Ramoops = "CONFIG_PSTORE=y\nCONFIG_PSTORE_RAM=m\n";

    private string _config = "";

    [SetUp]
    public void MakeAFile() => _config = Path.GetTempFileName();

    [TearDown]
    public void RemoveIt() => File.Delete(_config);

    [Test]
    public void What_is_missing_comes_with_the_option_to_set()
    {
        var efi = Of(Ramoops, "efi");
        Assert.That(efi.IsThere, Is.False);
        Assert.That(
            efi.Values,
            Is.EqualTo(
                new[] { KeyValuePair.Create("CONFIG_PSTORE", "y"), KeyValuePair.Create("CONFIG_EFI_VARS_PSTORE", "n") }
            )
        );
        Assert.That(efi.ToSet, Is.EqualTo(new[] { "CONFIG_EFI_VARS_PSTORE=y" }));
    }

    [Test]
    public void A_module_has_to_be_there()
    {
        Assert.That(
            (Of(Ramoops, "ramoops", "ramoops").IsThere, Of(Ramoops, "ramoops", "ext4").IsThere),
            Is.EqualTo((true, false))
        );
        Assert.That(Of(Ramoops, "ramoops").NoModules, Is.EqualTo(new[] { "ramoops" }));
        Assert.That(Of(Ramoops.Replace("=m", "=y"), "ramoops").IsThere, Is.True, "what is built in needs none");
    }

    [TestCase("6.12.9", "deflate")]
    [TestCase("6.1.9", "deflate,lzo,lz4,lz4hc,842,zstd")]
    public void Compressors_are_those_of_the_version(string release, string names) =>
        Assert.That(Names(release, KernelFeatureKind.Compressor), Is.EqualTo(names.Split(',')));

    [Test]
    public void A_compressor_of_the_crypto_API_has_to_be_built_in()
    {
        const string config = "CONFIG_PSTORE_COMPRESS=y\nCONFIG_PSTORE_LZ4_COMPRESS=y\n";
        Assert.That(Of(config + "CONFIG_CRYPTO_LZ4=m", "lz4").ToSet, Is.EqualTo(new[] { "CONFIG_CRYPTO_LZ4=y" }));
        Assert.That(Of(config + "CONFIG_CRYPTO_LZ4=y", "lz4").IsThere, Is.True);
    }

    [Test]
    public void A_way_to_crash_may_need_more_than_options() =>
        Assert.That(
            (Of(Ramoops, "oops", "efi_pstore").Lack, Of(Ramoops, "oops").Lack),
            Is.EqualTo(((string?)null, "module that an oops can be made of (efi_pstore or test_udelay)"))
        );

    [Test]
    public void Everything_that_a_plan_may_be_refused_for_is_looked_at()
    {
        Assert.That(
            Names("6.1.9", KernelFeatureKind.Backend),
            Is.EqualTo(BackendCatalogue.All.Select(backend => backend.Name))
        );
        Assert.That(
            Names("6.1.9", KernelFeatureKind.Crash),
            Is.EqualTo(
                CrashCatalogue.All.Where(crash => crash.Request is not null).Select(crash => crash.Name).Append("kdump")
            )
        );
        Assert.That(Names("6.1.9", KernelFeatureKind.Frontend), Is.EqualTo(new[] { "console", "pmsg", "ftrace" }));
        string[] options =
        [
            .. All("6.1.9", "").SelectMany(feature => feature.ToSet).Select(option => option.Split('=')[0]),
        ];
        Assert.That(
            BackendCatalogue
                .All.SelectMany(backend => backend.RequiredOptions)
                .Concat(CrashCatalogue.All.SelectMany(crash => crash.RequiredOptions))
                .Concat(SystemdModules.RequiredOptions)
                .Concat(CaptureKernelNeeds.ToLoad),
            Is.SubsetOf(options)
        );
    }

    [Test]
    public void Without_a_configuration_it_says_where_to_put_one()
    {
        var bare = new Kernel("mine", "6.1.9", "6.1.9", "vmlinuz", "vmlinux", null, new Dictionary<string, string>());
        Assert.That(
            Assert.Throws<UsageException>(() => KernelExamination.Of(bare))!.Message,
            Is.EqualTo(
                "mine (6.1.9): its configuration is not known; put it beside the image as config-6.1.9 or "
                    + "config, give a .deb or a built tree, or build it with CONFIG_IKCONFIG"
            )
        );
    }

    private ExaminedFeature Of(string config, string feature, params string[] modules) =>
        All("6.1.9", config, modules).Single(one => one.Feature.Name == feature);

    private string[] Names(string release, KernelFeatureKind kind) =>
        [.. All(release, "").Where(one => one.Feature.Kind == kind).Select(one => one.Feature.Name)];

    private IReadOnlyList<ExaminedFeature> All(string release, string config, params string[] modules)
    {
        File.WriteAllText(_config, config);
        return KernelExamination
            .Of(
                new Kernel(
                    "mine",
                    release,
                    release,
                    "vmlinuz",
                    "vmlinux",
                    _config,
                    modules.ToDictionary(module => module, module => $"{module}.ko")
                )
            )
            .Features;
    }
}
