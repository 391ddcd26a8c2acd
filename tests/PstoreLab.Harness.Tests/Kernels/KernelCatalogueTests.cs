using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Kernels;

public class KernelCatalogueTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public void Entries_keep_the_order_of_the_file()
    {
        var catalogue = KernelCatalogue.Load(
            _scratch.Write(
                "k.yaml",
                "kernels:\n  b: {suite: trixie, package: 'x'}\n  a: {suite: bookworm, package: 'y'}\n"
            )
        );
        Assert.That(catalogue.Names, Is.EqualTo(new[] { "b", "a" }));
        Assert.That(catalogue["a"].Suite, Is.EqualTo("bookworm"));
    }

    [Test]
    public void A_pattern_matches_whole_names_only()
    {
        var catalogue = KernelCatalogue.Load(
            _scratch.Write("k.yaml", "kernels:\n  a: {suite: trixie, package: 'linux-image-7\\.2\\.[0-9]+'}\n")
        );
        Assert.That(catalogue["a"].Package.IsMatch("linux-image-7.2.12"));
        Assert.That(catalogue["a"].Package.IsMatch("linux-image-7.2.12-dbg"), Is.False);
    }

    [Test]
    public void An_entry_says_whether_its_kernel_is_built_here()
    {
        var catalogue = KernelCatalogue.Load(
            _scratch.Write(
                "k.yaml",
                "kernels:\n  a: {suite: trixie, package: x}\n  b: {build: {suite: bookworm, package: "
                    + "'linux-source-6\\.1'}}\n"
            )
        );
        Assert.That(catalogue["a"].Kind, Is.EqualTo(KernelKind.Packaged));
        Assert.That(catalogue["b"].Kind, Is.EqualTo(KernelKind.Built));
        Assert.That(
            (catalogue["b"].Suite, catalogue["b"].Package.IsMatch("linux-source-6.1")),
            Is.EqualTo(("bookworm", true))
        );
    }

    [TestCase("kernels:\n  a:\n    build: x\n", ":3:12:", "'build' of 'a' must be a mapping")]
    [TestCase("kernels:\n  a:\n    build: {suite: x}\n", ":3:12:", "has no 'package'")]
    [TestCase("kernels:\n  a:\n    suite: x\n    build: {suite: x, package: x}\n", ":3:5:", "unknown key 'suite'")]
    [TestCase("", ":1:1:", "empty")]
    [TestCase("kernels:\n  a: [\n", ":3:1:", "not valid YAML")]
    [TestCase("kernel: {}\n", ":1:1:", "unknown key 'kernel'")]
    [TestCase("kernels:\n  a:\n    suit: x\n", ":3:5:", "unknown key 'suit'")]
    [TestCase("kernels:\n  a:\n    suite: trixie\n", ":3:5:", "has no 'package'")]
    [TestCase("kernels:\n  a: trixie\n", ":2:6:", "must be a mapping")]
    [TestCase("kernels:\n  a:\n    suite: trixie\n    package: '('\n", ":4:14:", "not a regular expression")]
    [TestCase("kernels:\n  a:\n    suite: '../x'\n    package: x\n", ":3:12:", "not the name of a suite")]
    [TestCase("kernels:\n  ../a:\n    suite: trixie\n    package: x\n", ":2:3:", "cannot be a kernel's name")]
    [TestCase("kernels:\n  a: {suite: x, package: x}\n  a: {suite: x, package: x}\n", ":3:3:", "not valid YAML")]
    public void A_wrong_file_is_refused_with_its_place(string text, string place, string complaint)
    {
        var path = _scratch.Write("k.yaml", text);
        Assert.That(
            () => KernelCatalogue.Load(path),
            Throws.TypeOf<UsageException>().With.Message.StartsWith(path + place).And.Message.Contains(complaint)
        );
    }

    [Test]
    public void A_file_that_is_not_there_is_named()
    {
        var path = Path.Combine(_scratch.Path, "nowhere.yaml");
        Assert.That(() => KernelCatalogue.Load(path), Throws.TypeOf<UsageException>().With.Message.StartsWith(path));
    }

    [Test]
    public void An_unknown_name_gets_the_known_ones_for_an_answer()
    {
        var catalogue = KernelCatalogue.Load(_scratch.Write("k.yaml", "kernels:\n  a: {suite: x, package: x}\n"));
        Assert.That(
            () => catalogue["b"],
            Throws.TypeOf<UsageException>().With.Message.Contains("'b'").And.Message.Contains("expected a")
        );
    }
}
