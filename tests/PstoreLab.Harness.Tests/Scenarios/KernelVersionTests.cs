using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class KernelVersionTests
{
    [TestCase("debian-6.12", "6.12")]
    [TestCase("6.12.107-1", "6.12.107-1")]
    [TestCase("6.12.107-1~bpo12.1", "6.12.107-1")]
    [TestCase("6.1", "6.1")]
    [TestCase("lab-7.3-rc2", "7.3-rc2")]
    [TestCase("gcc-12.2-debian-6.1", "6.1")]
    [TestCase("systemd-252", "252")]
    [TestCase("v5.10", "5.10")]
    public void A_version_is_found_in_a_name(string name, string version) =>
        Assert.That(KernelVersion.Parse(name).ToString(), Is.EqualTo(version));

    [TestCase("mine")]
    [TestCase("")]
    [TestCase("99999999999999999999")]
    public void A_name_without_a_version_has_none(string name) =>
        Assert.That(KernelVersion.TryParse(name, out _), Is.False);

    [Test]
    public void Versions_are_ordered_as_numbers()
    {
        string[] ordered =
        [
            "5.10",
            "6.1",
            "6.1.9",
            "6.1.10-1",
            "6.1.10-2",
            "6.2-rc1",
            "6.2-rc10",
            "6.2",
            "6.12",
            "7.0",
        ];
        Assert.That(ordered.Select(KernelVersion.Parse), Is.Ordered.Ascending);
    }

    [Test]
    public void A_missing_number_is_zero() =>
        Assert.That(KernelVersion.Parse("6.1.0"), Is.EqualTo(KernelVersion.Parse("debian-6.1")));
}
