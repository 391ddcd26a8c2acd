using System.Text;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Kernels;

/// <summary>Kernels that the user brings along.</summary>
[CancelAfter(60_000)]
public class KernelImportTests
{
    private const string Release = "6.9.1-mine+";

    private ScratchFolder _scratch = null!;
    private byte[] _image = null!;

    private KernelImport Import =>
        new(
            new ProcessRunner(),
            new LabPaths(Path.Combine(_scratch.Path, "lab")),
            ["ramoops", "efi_pstore"],
            MachineCatalogue.Default.Architecture
        );

    [SetUp]
    public async Task SetUp()
    {
        _scratch = new ScratchFolder();
        _image = Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", Synthetic.Elf), Release);
    }

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public async Task A_bare_image_is_called_by_its_release_and_its_configuration_is_not_known(
        CancellationToken cancellationToken
    )
    {
        var kernel = await ImportAsync(_scratch.Write("bzImage", _image), cancellationToken);
        Assert.That((kernel.Name, kernel.Release, kernel.Version), Is.EqualTo(("linux-6.9.1-mine_", Release, Release)));
        Assert.That(kernel.Config, Is.Null);
        Assert.That(kernel.Modules, Is.Empty);
        Assert.That(await File.ReadAllBytesAsync(kernel.Vmlinux, cancellationToken), Is.EqualTo(Synthetic.Elf));
        const UnixFileMode writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.That(
            File.GetUnixFileMode(kernel.Vmlinux) & writable,
            Is.EqualTo(UnixFileMode.None),
            "the evidence of cases links to it"
        );
    }

    // An escape in the name of a test is lost on its way to the report, and the test with it.
    [TestCase(@"\n")]
    [TestCase(@"\x1b[2J")]
    [TestCase(@"\x9b2J")]
    [TestCase(@"\xe9")]
    public async Task A_release_that_is_no_word_is_refused(string escaped)
    {
        string evil = Regex.Unescape(escaped);
        string release = $"6.9.1{evil}touch{evil}#";
        byte[] image = Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", Synthetic.Elf), release);
        string path = _scratch.Write("bzImage", image);
        Assert.That(
            () => ImportAsync(path, CancellationToken.None),
            Throws
                .TypeOf<UsageException>()
                .With.Message.StartsWith($"--kernel {path}: \"{release}\"")
                .And.Message.EndsWith(
                    "is no release of a kernel, which is a word of printable ASCII characters, 128 at most; expected "
                        + KernelImport.Expected
                )
        );
    }

    [Test]
    public void A_version_that_is_no_word_is_not_sealed() =>
        Assert.That(
            () => KernelFolder.Seal(_scratch.Path, "6.1.1-1\n$(touch pwned)", "6.1.0-50-amd64", []),
            Throws.TypeOf<InfraException>().With.Message.Contains("$(touch pwned)")
        );

    [Test]
    public async Task The_configuration_inside_an_image_is_found(CancellationToken cancellationToken)
    {
        var config = await Synthetic.CompressAsync(
            "gzip",
            Encoding.ASCII.GetBytes("CONFIG_PSTORE=y\nCONFIG_PSTORE_RAM=m\n")
        );
        byte[] vmlinux = [.. Synthetic.Elf, .. "IKCFG_ST"u8, 0, .. "IKCFG_ST"u8, .. config, .. "IKCFG_ED"u8, 0, 1, 2];
        var image = Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", vmlinux), Release);
        var kernel = await ImportAsync(_scratch.Write("bzImage", image), cancellationToken);
        Assert.That(KernelConfig.Load(kernel.Config!).Get("CONFIG_PSTORE_RAM"), Is.EqualTo("m"));
    }

    [TestCase("IKCFG_ST without an end")]
    [TestCase("IKCFG_ST\u001f\u008bnot gzip at allIKCFG_ED", TestName = "{m}(no gzip)")]
    [TestCase("nothing")]
    public void A_configuration_that_is_none_is_not_made_up(string text) =>
        Assert.That(EmbeddedConfig.Of(Encoding.Latin1.GetBytes(text)), Is.Null);

    [Test]
    public async Task Configuration_and_modules_of_an_installed_kernel_are_found_beside_it(
        CancellationToken cancellationToken
    )
    {
        var path = _scratch.Write($"boot/vmlinuz-{Release}", _image);
        _scratch.Write($"boot/config-{Release}", "CONFIG_PSTORE_RAM=m\n");
        _scratch.Write(
            $"lib/modules/{Release}/kernel/fs/pstore/ramoops.ko.gz",
            await Synthetic.CompressAsync("gzip", Synthetic.Module("reed_solomon"))
        );
        _scratch.Write($"lib/modules/{Release}/kernel/lib/reed_solomon.ko", Synthetic.Module(""));
        _scratch.Write($"lib/modules/{Release}/kernel/other.ko", Synthetic.Module(""));
        _scratch.Write("lib/modules/6.9.0/kernel/efi-pstore.ko", Synthetic.Module(""));
        var kernel = await ImportAsync(path, cancellationToken);
        Assert.That(
            kernel.Modules.Keys,
            Is.EquivalentTo(new[] { "ramoops", "reed_solomon" }),
            "what guests need, of this release"
        );
        Assert.That(
            ModuleInfo.DependsOf(kernel.Modules["ramoops"]),
            Is.EqualTo(new[] { "reed_solomon" }),
            "it is uncompressed"
        );
        Assert.That(KernelConfig.Load(kernel.Config!).Get("CONFIG_PSTORE_RAM"), Is.EqualTo("m"));
        Assert.That(File.Exists(path), "the original is left alone");
    }

    [Test]
    public async Task Modules_may_lie_elsewhere(CancellationToken cancellationToken)
    {
        var module = _scratch.Write("elsewhere/deep/efi-pstore.ko", Synthetic.Module(""));
        var kernel = await ImportAsync(
            _scratch.Write("bzImage", _image),
            cancellationToken,
            Path.Combine(_scratch.Path, "elsewhere")
        );
        Assert.That(kernel.Modules.Keys, Is.EqualTo(new[] { "efi_pstore" }));
        Assert.That(File.Exists(module));
    }

    [TestCase("")]
    [TestCase("/arch/x86/boot/bzImage")]
    public async Task A_built_tree_has_everything(string image, CancellationToken cancellationToken)
    {
        Tree();
        var kernel = await ImportAsync(Path.Combine(_scratch.Path, "linux") + image, cancellationToken);
        Assert.That(kernel.Modules.Keys, Is.EqualTo(new[] { "ramoops" }));
        Assert.That(KernelConfig.Load(kernel.Config!).Get("CONFIG_PSTORE"), Is.EqualTo("y"));
    }

    [Test]
    public async Task A_package_has_everything(CancellationToken cancellationToken)
    {
        var deb = Path.Combine(_scratch.Path, "linux-image-6.9.1-mine_1_amd64.deb");
        await Synthetic.DebAsync(
            deb,
            new Package("linux-image-6.9.1-mine", "1", ""),
            new Dictionary<string, byte[]>
            {
                [$"boot/vmlinuz-{Release}"] = _image,
                [$"boot/config-{Release}"] = "CONFIG_PSTORE=y\n"u8.ToArray(),
                [$"lib/modules/{Release}/kernel/fs/pstore/ramoops.ko"] = Synthetic.Module(""),
            }
        );
        var kernel = await ImportAsync(deb, cancellationToken);
        Assert.That((kernel.Release, kernel.Modules.Keys.Single()), Is.EqualTo((Release, "ramoops")));
        Assert.That(kernel.Version, Is.EqualTo("1"), "of the package");
        Assert.That(KernelConfig.Load(kernel.Config!).Get("CONFIG_PSTORE"), Is.EqualTo("y"));
    }

    [Test]
    public async Task A_kernel_that_was_built_anew_in_its_place_is_another(CancellationToken cancellationToken)
    {
        var tree = Tree();
        var before = await ImportAsync(tree, cancellationToken);
        Assert.That(
            (await ImportAsync(tree, cancellationToken)).Vmlinux,
            Is.EqualTo(before.Vmlinux),
            "the same is not made again"
        );
        _scratch.Write("linux/fs/pstore/ramoops.ko", Synthetic.Module("reed_solomon"));
        var after = await ImportAsync(tree, cancellationToken);
        Assert.That(after.Vmlinux, Is.Not.EqualTo(before.Vmlinux));
        Assert.That((after.Version, after.Build), Is.Not.EqualTo((before.Version, before.Build)));
        Import.Prune();
        Assert.That(File.Exists(before.Vmlinux), Is.False);
    }

    [TestCase("text", "not a bzImage: it has no x86 boot header")]
    [TestCase("empty", "not a bzImage")]
    [TestCase("folder", "the folder has no arch/x86/boot/bzImage; build one with `make bzImage modules`")]
    [TestCase("cut", "cut short")]
    [TestCase("no-kernel.deb", "there is no kernel in the package")]
    [TestCase("broken.deb", "failed with exit code")]
    public async Task What_cannot_be_a_kernel_gets_one_message(
        string name,
        string complaint,
        CancellationToken cancellationToken
    )
    {
        _scratch.Write("text", "#!/bin/sh\necho hello\n" + new string('x', 1000));
        _scratch.Write("empty", "");
        _scratch.Write("folder/Makefile", "all:\n");
        _scratch.Write("cut", _image[..2000]);
        _scratch.Write("broken.deb", "no package");
        await Synthetic.DebAsync(
            Path.Combine(_scratch.Path, "no-kernel.deb"),
            new Package("x", "1", ""),
            new Dictionary<string, byte[]> { ["usr/share/x"] = [1] }
        );
        var path = Path.Combine(_scratch.Path, name);
        var fault = (await Assert.ThrowsAsync<UsageException>(() => ImportAsync(path, cancellationToken)))!.Message;
        Assert.That(
            fault,
            Does.StartWith($"--kernel {path}: ").And.Contain(complaint).And.EndWith("expected " + KernelImport.Expected)
        );
        Assert.That(
            Directory.GetDirectories(Path.Combine(_scratch.Path, "lab/images/.cache/given")),
            Is.Empty,
            "and leaves nothing"
        );
    }

    [Test]
    public void An_argument_may_name_the_kernel()
    {
        var path = _scratch.Write("a=b/bzImage", _image);
        Assert.That(UserKernel.Parse($"mine-6.9={path}", null), Is.EqualTo(new UserKernel("mine-6.9", path, null)));
        Assert.That(
            UserKernel.Parse(path, _scratch.Path),
            Is.EqualTo(new UserKernel(null, path, _scratch.Path)),
            "a path may have a '=' in it"
        );
    }

    [TestCase("mine=", "there is nothing at ''")]
    [TestCase("", "there is nothing at ''")]
    [TestCase("mine=/no/such", "there is nothing at '/no/such'")]
    [TestCase("../x=/", "there is nothing at '../x=/'")]
    [TestCase("9 lives=/", "'9 lives' cannot be a kernel's name")]
    public void A_wrong_argument_is_refused(string argument, string complaint) =>
        Assert.That(
            () => UserKernel.Parse(argument, null),
            Throws
                .TypeOf<UsageException>()
                .With.Message.StartsWith($"--kernel {argument}: ")
                .And.Message.Contains(complaint)
        );

    [Test]
    public void A_folder_of_modules_has_to_be_one() =>
        Assert.That(
            () => UserKernel.Parse(_scratch.Path, "/no/such"),
            Throws.TypeOf<UsageException>().With.Message.StartsWith("--modules /no/such: ")
        );

    private Task<Kernel> ImportAsync(string path, CancellationToken cancellationToken, string? modules = null) =>
        Import.ImportAsync(UserKernel.Parse(path, modules), cancellationToken);

    private string Tree()
    {
        _scratch.Write("linux/.config", "CONFIG_PSTORE=y\n");
        _scratch.Write("linux/arch/x86/boot/bzImage", _image);
        _scratch.Write("linux/fs/pstore/ramoops.ko", Synthetic.Module(""));
        return Path.Combine(_scratch.Path, "linux");
    }
}
