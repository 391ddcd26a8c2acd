using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Packages;

namespace PstoreLab.Harness.Tests.Kernels;

/// <summary>What words such as <c>SUITE:FROM..TO</c> choose of an archive that holds many kernels.</summary>
[CancelAfter(60_000)]
public class KernelChoicesTests
{
    private ScratchFolder _scratch = null!;
    private FakeArchive _archive = null!;

    [SetUp]
    public void SetUp()
    {
        if (HostProgram.Find("dpkg") is null)
            Assert.Ignore("no dpkg on this machine");
        _scratch = new ScratchFolder();
        _scratch.Write(
            "kernels.yaml",
            string.Concat(
                new[] { "debian-7.2", "debian-6.1", "debian-6.12", "lab-6.6" }
                    .Select(name => $"  {name}: {{suite: bookworm, package: x}}\n")
                    .Prepend("kernels:\n")
            )
        );
        _archive = new FakeArchive();
        Add("linux-image-6.12.107+deb13-amd64", "6.12.107-1~bpo12+1", 100);
        Add("linux-image-6.12.9+bpo-amd64", "6.12.9-1~bpo12+1", 90);
        Add("linux-image-6.12.94+deb13-amd64", "6.12.94-1~bpo12+1", 95);
        Add("linux-image-6.1.0-0.deb11.50-amd64", "6.1.176-1~deb11u1", 60);
        Add(
            "linux-image-7.0.4+deb13-amd64",
            "7.0.4-1~bpo13+1",
            1,
            "linux-binary-7.0.4+deb13-amd64 (= 7.0.4-1~bpo13+1), linux-modules-7.0.4+deb13-amd64 (= 7.0.4-1~bpo13+1)"
        );
        Add("linux-binary-7.0.4+deb13-amd64", "7.0.4-1~bpo13+1", 20);
        Add("linux-modules-7.0.4+deb13-amd64", "7.0.4-1~bpo13+1", 150);
        foreach (
            string other in new[]
            {
                "linux-image-6.12.9+bpo-rt-amd64",
                "linux-image-6.12.9+bpo-cloud-amd64",
                "linux-image-6.12.9+bpo-amd64-dbg",
                "linux-image-6.12.9+bpo-amd64-unsigned",
                "linux-image-amd64",
            }
        )
            Add(other, "6.12.9-1~bpo12+1", 90);
    }

    [TearDown]
    public void TearDown() => _scratch?.Dispose();

    [TestCase("debian-6.1", ExpectedResult = "debian-6.1")]
    [TestCase("debian-6.1,lab-6.6,debian-7.2", ExpectedResult = "debian-6.1 lab-6.6 debian-7.2")]
    [TestCase("debian-6.1..debian-7.2", ExpectedResult = "debian-6.1 debian-6.12 debian-7.2")]
    [TestCase("debian-7.2..debian-6.12", ExpectedResult = "debian-7.2 debian-6.12")]
    [TestCase("debian-6.1..lab-6.6", ExpectedResult = "debian-6.1 lab-6.6")]
    [TestCase(
        "trixie-backports:",
        ExpectedResult = "trixie-backports-6.1.176-1_deb11u1 trixie-backports-6.12.9-1_bpo12_1 "
            + "trixie-backports-6.12.94-1_bpo12_1 trixie-backports-6.12.107-1_bpo12_1 "
            + "trixie-backports-7.0.4-1_bpo13_1"
    )]
    [TestCase(
        "bpo:6.12.9..6.12.107",
        ExpectedResult = "bpo-6.12.9-1_bpo12_1 bpo-6.12.94-1_bpo12_1 bpo-6.12.107-1_bpo12_1"
    )]
    [TestCase("bpo:6.12.107..6.12.10", ExpectedResult = "bpo-6.12.107-1_bpo12_1 bpo-6.12.94-1_bpo12_1")]
    [TestCase("bpo:6.12", ExpectedResult = "bpo-6.12.9-1_bpo12_1 bpo-6.12.94-1_bpo12_1 bpo-6.12.107-1_bpo12_1")]
    [TestCase("bpo:6.12.9", ExpectedResult = "bpo-6.12.9-1_bpo12_1")]
    [TestCase("bpo:..6.12.9", ExpectedResult = "bpo-6.1.176-1_deb11u1 bpo-6.12.9-1_bpo12_1")]
    [TestCase("bpo:6.12.107..", ExpectedResult = "bpo-6.12.107-1_bpo12_1 bpo-7.0.4-1_bpo13_1")]
    [TestCase("debian-6.1,bpo:7.0", ExpectedResult = "debian-6.1 bpo-7.0.4-1_bpo13_1")]
    public async Task<string> Words_choose(string text) =>
        string.Join(' ', (await Choices().ReadAsync(text, default)).Select(kernel => kernel.Name));

    [TestCase("", "empty name")]
    [TestCase("debian-6.1,", "empty name")]
    [TestCase("debain-6.1", "did you mean 'debian-6.1'")]
    [TestCase("debian-6.1,debian-6.1", "names debian-6.1 twice")]
    [TestCase("debian-6.1..debian-9.9", "unknown kernel 'debian-9.9'")]
    [TestCase("BPO:6.12", "is not the name of a suite")]
    [TestCase("bpo:six..", "'six' is not a version")]
    [TestCase("bpo:8.0..9.0", "holds no such kernel; it has 5, from 6.1.176-1~deb11u1 to 7.0.4-1~bpo13+1")]
    public async Task What_means_nothing_is_refused(string text, string expected) =>
        Assert.That(
            (await Assert.ThrowsAsync<UsageException>(() => Choices().ReadAsync(text, default)))!.Message,
            Does.Contain(expected)
        );

    [Test]
    public async Task A_suite_without_kernels_is_the_archives_matter()
    {
        _archive.Packages.Clear();
        await Assert.ThrowsAsync<InfraException>(() => Choices().ReadAsync("bpo:", default));
    }

    [Test]
    public async Task The_size_is_that_of_all_packages_of_a_kernel()
    {
        var kernels = await Choices().ReadAsync("bpo:", default);
        Assert.That(kernels.Select(kernel => kernel.Bytes), Is.EqualTo(new long?[] { 60, 90, 95, 100, 171 }));
    }

    [TestCase("./bzImage")]
    [TestCase("../linux/")]
    [TestCase("mine-6.9=bzImage")]
    public async Task A_path_is_a_kernel_of_the_users_own(string word)
    {
        var kernels = await Choices().ReadAsync($"debian-6.1,{word}", default);
        Assert.That(
            kernels.Select(kernel => kernel.Identity),
            Is.EqualTo(new[] { "debian-6.1", $"mine-6.9 {word.Length}" })
        );
    }

    [Test]
    public async Task A_chosen_version_is_the_one_that_is_fetched_though_a_newer_one_has_the_same_name()
    {
        _archive.Packages.Add(new Package("linux-image-6.12.9+bpo-amd64", "6.12.9-2~bpo12+1", ""));
        var kernel = (await Choices().ReadAsync("bpo:6.12.9..6.12.9", default))[0];
        Assert.That((kernel.Version, kernel.Entry!.Version), Is.EqualTo(("6.12.9-1~bpo12+1", "6.12.9-1~bpo12+1")));
        Assert.That(kernel.Entry.Package.IsMatch("linux-image-6.12.9+bpo-amd64"));
        Assert.That(kernel.Entry.Package.IsMatch("linux-image-6.12.9xbpo-amd64"), Is.False);
    }

    private KernelChoices Choices() =>
        new(
            KernelCatalogue.Load(Path.Combine(_scratch.Path, "kernels.yaml")),
            new SuiteKernels(_archive, new VersionOrder(new ProcessRunner()), MachineCatalogue.Default.Architecture),
            (word, _) =>
                Task.FromResult(
                    new Kernel(
                        "mine-6.9",
                        "",
                        "6.9.0-mine",
                        $"/given/{word.Length}/vmlinuz",
                        "",
                        null,
                        new Dictionary<string, string>()
                    )
                )
        );

    private void Add(string name, string version, long bytes, string depends = "") =>
        _archive.Packages.Add(new Package(name, version, depends) { Bytes = bytes });
}
