using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Tests.Kernels;

/// <summary>Builds of one release that a command line names.</summary>
public class UserKernelsTests
{
    [Test]
    public void Two_packages_of_one_release_are_called_by_their_versions() =>
        Assert.That(
            Names(Own("6.1.176-1", "aaaa"), Own("6.1.180-1~x", "bbbb"), Catalogued("debian-6.1")),
            Is.EqualTo(new[] { "linux-6.1.0_6.1.176-1", "linux-6.1.0_6.1.180-1_x", "debian-6.1" })
        );

    [Test]
    public void Two_builds_of_one_version_are_called_by_their_digests() =>
        Assert.That(
            Names(Own("6.1.0", "aaaa"), Own("6.1.0", "bbbb")),
            Is.EqualTo(new[] { "linux-6.1.0_aaaa", "linux-6.1.0_bbbb" })
        );

    [Test]
    public void One_alone_keeps_its_name_and_so_does_the_same_one_twice() =>
        Assert.That(Names(Own("6.1.176-1", "aaaa"), Own("6.1.176-1", "aaaa")), Is.All.EqualTo("linux-6.1.0"));

    [TestCase("6.1.176-1", null, "6.1.0-50-amd64", "6.1.0-50-amd64 (package 6.1.176-1)")]
    [TestCase(
        "6.1.176-1",
        "0123456789abcdef",
        "6.1.0-50-amd64 (package 6.1.176-1, build 01234567)",
        "6.1.0-50-amd64 (package 6.1.176-1, build 01234567)"
    )]
    [TestCase("6.1.0-50-amd64", "01", "6.1.0-50-amd64 (build 01)", "6.1.0-50-amd64 (build 01)")]
    public void Builds_of_one_release_are_told_apart(string version, string? build, string label, string described)
    {
        var kernel = new PlannedKernel("mine", version, "6.1.0-50-amd64") { Build = build };
        Assert.That((kernel.Label, kernel.Described), Is.EqualTo((label, described)));
    }

    private static IEnumerable<string> Names(params KernelChoice[] kernels) =>
        UserKernels
            .Apart(kernels)
            .Select(kernel =>
            {
                Assert.That(kernel.UserSupplied?.Name ?? kernel.Name, Is.EqualTo(kernel.Name));
                return kernel.Name;
            });

    private static KernelChoice Catalogued(string name) => new(name, null, null, null);

    private static KernelChoice Own(string version, string build) =>
        new("linux-6.1.0", "6.1.0", 0, null)
        {
            UserSupplied = new Kernel("linux-6.1.0", version, "6.1.0", "", "", null, new Dictionary<string, string>())
            {
                Build = build,
            },
        };
}
