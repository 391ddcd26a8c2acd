using PstoreLab.Harness.Kernels.Formats;

namespace PstoreLab.Harness.Tests.Kernels.Formats;

public class KernelConfigTests
{
    private static readonly KernelConfig Config = KernelConfig.Parse([
        "#",
        "# Automatically generated file; DO NOT EDIT.",
        "CONFIG_PSTORE=y",
        "CONFIG_PSTORE_RAM=m",
        "# CONFIG_PSTORE_PMSG is not set",
        "CONFIG_PSTORE_DEFAULT_KMSG_BYTES=10240",
        "CONFIG_PSTORE_COMPRESS_DEFAULT=\"deflate\"",
        @"CONFIG_ODD=""a\""b\\c=d""",
        "CONFIG_EMPTY=\"\"",
    ]);

    [TestCase("CONFIG_PSTORE", "y")]
    [TestCase("CONFIG_PSTORE_RAM", "m")]
    [TestCase("CONFIG_PSTORE_PMSG", "n")]
    [TestCase("CONFIG_NO_SUCH_OPTION", "n")]
    [TestCase("CONFIG_PSTORE_DEFAULT_KMSG_BYTES", "10240")]
    [TestCase("CONFIG_PSTORE_COMPRESS_DEFAULT", "deflate")]
    [TestCase("CONFIG_ODD", "a\"b\\c=d")]
    [TestCase("CONFIG_EMPTY", "")]
    public void An_option_has_the_value_kconfig_gave_it(string option, string value) =>
        Assert.That(Config.Get(option), Is.EqualTo(value));

    [TestCase("CONFIG_PSTORE", true)]
    [TestCase("CONFIG_PSTORE_RAM", true)]
    [TestCase("CONFIG_PSTORE_PMSG", false)]
    public void Built_in_and_module_both_count_as_enabled(string option, bool enabled) =>
        Assert.That(Config.IsEnabled(option), Is.EqualTo(enabled));
}
