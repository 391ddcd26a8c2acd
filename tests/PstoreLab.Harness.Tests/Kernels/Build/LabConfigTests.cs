using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Build;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Kernels.Build;

public class LabConfigTests
{
    private static readonly string Shipped = Path.Combine(ScenarioBench.Root, "images", "lab-kernels");

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("5.10.223-1", "CONFIG_A=y\nCONFIG_OLD=y\n")]
    [TestCase("6.5.1-1", "CONFIG_A=y\nCONFIG_OLD=y\nCONFIG_MIDDLE=\"x y\"\n")]
    [TestCase("6.6-1~bpo12+1", "CONFIG_A=y\nCONFIG_MIDDLE=\"x y\"\n# CONFIG_NEW is not set\n")]
    [TestCase("7.2.12-1~bpo13+1", "CONFIG_A=y\n# CONFIG_NEW is not set\n")]
    public void An_option_counts_for_the_versions_it_is_bounded_to(string version, string expected)
    {
        _scratch.Write(
            "common.config",
            """
            # A remark.
            CONFIG_A=y

            CONFIG_OLD=y # <6.6
            CONFIG_MIDDLE="x y" # >=6.1,<7
            # CONFIG_NEW is not set # >=6.6
            """
        );
        Assert.That(LabConfig.Load(_scratch.Path, "lab", version).Text, Is.EqualTo(expected));
    }

    [Test]
    public void A_kernels_own_options_win()
    {
        _scratch.Write("common.config", "CONFIG_A=y\nCONFIG_B=y\n");
        _scratch.Write("lab-6.1.config", "CONFIG_A=m\n");
        Assert.That(LabConfig.Load(_scratch.Path, "lab-6.1", "6.1").Text, Is.EqualTo("CONFIG_B=y\nCONFIG_A=m\n"));
        Assert.That(LabConfig.Load(_scratch.Path, "lab-6.12", "6.12").Text, Is.EqualTo("CONFIG_A=y\nCONFIG_B=y\n"));
    }

    [Test]
    public void Options_that_Kconfig_dropped_are_all_named_with_their_places()
    {
        _scratch.Write(
            "common.config",
            "CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=\"-lab\"\n# CONFIG_D is not set\nCONFIG_E=m\n"
        );
        var options = LabConfig.Load(_scratch.Path, "lab", "6.1");
        var fault = Assert
            .Throws<InfraException>(() =>
                options.Check(Made("CONFIG_A=y", "CONFIG_C=\"-lab\"", "CONFIG_D=y", "CONFIG_E=y"), "lab")
            )!
            .Message;
        Assert.That(fault, Does.Contain($"{_scratch.Path}/common.config:2: CONFIG_B=y, but it is n"));
        Assert.That(fault, Does.Contain("common.config:4: # CONFIG_D is not set, but it is y"));
        Assert.That(fault, Does.Contain("common.config:5: CONFIG_E=m, but it is y"));
        Assert.That(fault, Does.Not.Contain("CONFIG_A").And.Not.Contain("CONFIG_C"));
    }

    [Test]
    public void Options_that_Kconfig_took_are_no_fault()
    {
        _scratch.Write("common.config", "CONFIG_A=y\nCONFIG_C=\"-lab\"\n# CONFIG_D is not set\n");
        Assert.That(
            () =>
                LabConfig
                    .Load(_scratch.Path, "lab", "6.1")
                    .Check(Made("CONFIG_A=y", "CONFIG_C=\"-lab\"", "CONFIG_MORE=y"), "lab"),
            Throws.Nothing
        );
    }

    [TestCase("CONFIG_A y", "found 'CONFIG_A y', expected CONFIG_NAME=VALUE")]
    [TestCase("PSTORE=y", "found 'PSTORE=y', expected CONFIG_NAME=VALUE")]
    [TestCase("CONFIG_A=y # since 6.1", "expected CONFIG_NAME=VALUE")]
    [TestCase("# CONFIG_A is not sett", "expected CONFIG_NAME=VALUE")]
    [TestCase("CONFIG_A=y # >=six", "found the range '>=six'")]
    public void A_slip_of_the_pen_is_refused_with_its_place(string line, string complaint)
    {
        _scratch.Write("common.config", "CONFIG_Z=y\n" + line + "\n");
        Assert.That(
            () => LabConfig.Load(_scratch.Path, "lab", "6.1"),
            Throws
                .TypeOf<UsageException>()
                .With.Message.StartsWith($"{_scratch.Path}/common.config:2: ")
                .And.Message.Contains(complaint)
        );
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(
            () => LabConfig.Load(_scratch.Path, "lab", "6.1"),
            Throws.TypeOf<UsageException>().With.Message.StartsWith($"{_scratch.Path}/common.config")
        );

    [Test]
    public void Only_what_counts_changes_the_digest()
    {
        string DigestOf(string text, string version = "6.1")
        {
            _scratch.Write("common.config", text);
            return LabConfig.Load(_scratch.Path, "lab", version).Digest(version);
        }

        var digest = DigestOf("CONFIG_A=y\n");
        Assert.That(
            DigestOf("# Why.\nCONFIG_A=y\nCONFIG_B=y # >=7\n"),
            Is.EqualTo(digest),
            "another version's option, a remark"
        );
        Assert.That(DigestOf("CONFIG_A=m\n"), Is.Not.EqualTo(digest));
        Assert.That(DigestOf("CONFIG_A=y\n", "6.1.1"), Is.Not.EqualTo(digest));
    }

    [TestCase("5.10.223-1", true, false)]
    [TestCase("6.1.176-1", true, true)]
    [TestCase("6.12.107-1", false, true)]
    [TestCase("7.2.12-1~bpo13+1", false, true)]
    public void The_shipped_options_have_every_compressor_and_backend_of_a_version(
        string version,
        bool compressors,
        bool block
    )
    {
        var made = KernelConfig.Parse(LabConfig.Load(Shipped, "lab", version).Text.Split('\n'));
        foreach (
            var option in new[] { "DEFLATE", "LZO", "LZ4", "LZ4HC", "842", "ZSTD" }.Select(name =>
                $"CONFIG_PSTORE_{name}_COMPRESS"
            )
        )
            Assert.That(made.IsEnabled(option), Is.EqualTo(compressors), option);
        Assert.That(made.IsEnabled("CONFIG_PSTORE_BLK"), Is.EqualTo(block), "it depended on BROKEN before");
        foreach (
            var option in new[]
            {
                "PSTORE_CONSOLE",
                "PSTORE_PMSG",
                "PSTORE_FTRACE",
                "PSTORE_RAM",
                "EFI_VARS_PSTORE",
                "ACPI_APEI",
                "PVH",
                "LKDTM",
                "IKCONFIG",
            }
        )
            Assert.That(made.Get($"CONFIG_{option}"), Is.EqualTo("y"), option);
        Assert.That(
            OopsModule.Donors.Any(donor => made.Get("CONFIG_" + donor.ToUpperInvariant()) == "m"),
            "there is a module to oops with"
        );
    }

    private static KernelConfig Made(params string[] lines) => KernelConfig.Parse(lines);
}
