using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Build;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Packages;

namespace PstoreLab.Harness.Tests.Kernels.Build;

/// <summary>Kernels built here, by the real make from a tree that is none.</summary>
[CancelAfter(60_000)]
public class LabKernelsTests
{
    private const string Source = "linux-source-6.1";

    // Leaves out what Kconfig would drop, and counts how often it compiled; the first time it fails when it is told to.
    private const string Makefile = """
        .PHONY: tinyconfig olddefconfig bzImage modules
        tinyconfig:
        	echo CONFIG_TINY=y >.config
        olddefconfig:
        	sed -i /DROPPED/d .config
        bzImage:
        	echo compiled >>compiled
        	if [ -e fail-once ]; then rm fail-once; echo 'pstore.c:1: error: no such thing' >&2; exit 1; fi
        	mkdir -p arch/x86/boot && cp image arch/x86/boot/bzImage
        modules:
        	mkdir -p kernel/time && cp module kernel/time/test-udelay.ko

        """;

    private ScratchFolder _scratch = null!;
    private FakeArchive _archive = null!;
    private ScratchFolder _tree = null!;

    private string Folder => Path.Combine(_scratch.Path, "images/.cache/kernels/lab-6.1");

    private string Builds => Path.Combine(_scratch.Path, "images/.cache/builds/lab-6.1");

    [SetUp]
    public async Task SetUp()
    {
        if (BuildTools.MissingPackages(MachineCatalogue.Default.Architecture) is { Count: > 0 } missing)
            Assert.Ignore($"this machine has no {string.Join(", ", missing)}");
        _scratch = new ScratchFolder();
        _tree = new ScratchFolder();
        _archive = new FakeArchive();
        _scratch.Write(
            "images/kernels.yaml",
            "kernels:\n  lab-6.1: {build: {suite: bookworm, package: 'linux-source-6\\.1'}}\n"
        );
        _scratch.Write("images/lab-kernels/common.config", "CONFIG_PSTORE=y\n");
        _archive.Packages.Add(new Package(Source, "6.1.176-1", ""));
        _tree.Write("Makefile", Makefile);
        _tree.Write("image", Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", Synthetic.Elf), "6.1.176-lab"));
        _tree.Write("module", Synthetic.Module(""));
        await PackAsync();
    }

    [TearDown]
    public void TearDown()
    {
        _scratch?.Dispose();
        _tree?.Dispose();
    }

    [Test]
    public async Task A_kernel_is_built_from_its_source_and_its_options(CancellationToken cancellationToken)
    {
        var kernel = await Store().EnsureAsync("lab-6.1", cancellationToken);
        Assert.That((kernel.Name, kernel.Version, kernel.Release), Is.EqualTo(("lab-6.1", "6.1.176-1", "6.1.176-lab")));
        Assert.That(File.ReadLines(kernel.Config!), Is.EqualTo(new[] { "CONFIG_TINY=y", "CONFIG_PSTORE=y" }));
        Assert.That(kernel.Modules.Keys, Is.EqualTo(new[] { "test_udelay" }), "all there are, wanted or not");
        Assert.That(await File.ReadAllBytesAsync(kernel.Vmlinux, cancellationToken), Is.EqualTo(Synthetic.Elf));
        Assert.That(Directory.EnumerateFileSystemEntries(Builds), Is.Empty, "the tree is gone");
        Assert.That(
            Store().List().Select(stored => (stored.Version, stored.IsCurrent)),
            Is.EqualTo(new[] { ("6.1.176-1", true) })
        );
    }

    [Test]
    public async Task A_kernel_that_is_there_is_not_built_again_for_another_module_or_a_remark(
        CancellationToken cancellationToken
    )
    {
        var kernel = await Store().EnsureAsync("lab-6.1", cancellationToken);
        _scratch.Write("images/lab-kernels/common.config", "# It is what this is all about.\nCONFIG_PSTORE=y\n");
        Assert.That(
            (await Store("efi_pstore").EnsureAsync("lab-6.1", cancellationToken)).Vmlinux,
            Is.EqualTo(kernel.Vmlinux)
        );
        Assert.That(_archive.Downloads, Is.EqualTo(1));
    }

    [Test]
    public async Task Another_option_makes_another_kernel(CancellationToken cancellationToken)
    {
        var before = await Store().EnsureAsync("lab-6.1", cancellationToken);
        _scratch.Write("images/lab-kernels/common.config", "CONFIG_PSTORE=y\nCONFIG_LKDTM=y\n");
        Assert.That(Store().Find("lab-6.1"), Is.Null);
        var after = await Store().EnsureAsync("lab-6.1", cancellationToken);
        Assert.That(after.Vmlinux, Is.Not.EqualTo(before.Vmlinux));
        Assert.That(File.ReadAllText(after.Config!), Does.Contain("CONFIG_LKDTM=y"));
        Assert.That(Store().Prune().Single().Folder, Is.EqualTo(Path.GetDirectoryName(before.Vmlinux)));
    }

    [Test]
    public async Task A_build_that_failed_says_why_and_is_gone_on_with(CancellationToken cancellationToken)
    {
        _tree.Write("fail-once", "");
        await PackAsync();
        Assert.That(
            () => Store().EnsureAsync("lab-6.1", cancellationToken),
            Throws
                .TypeOf<InfraException>()
                .With.Message.Contains("lab-6.1 (linux-source-6.1 6.1.176-1) could not be built")
                .And.Message.Contains("pstore.c:1: error")
                .And.Message.Contains("make.log")
        );
        Assert.That(Store().Find("lab-6.1"), Is.Null);
        Assert.That(Directory.GetDirectories(Folder), Is.Empty, "nor half of it");

        var compiled = Directory.EnumerateFiles(Builds, "compiled", SearchOption.AllDirectories).Single();
        Assert.That(File.ReadLines(compiled), Has.Exactly(1).Items);
        Assert.That((await Store().EnsureAsync("lab-6.1", cancellationToken)).Release, Is.EqualTo("6.1.176-lab"));
        Assert.That(_archive.Downloads, Is.EqualTo(1), "the tree was still there");
    }

    [Test]
    public void An_option_that_Kconfig_drops_is_an_error_before_anything_is_compiled(
        CancellationToken cancellationToken
    )
    {
        _scratch.Write("images/lab-kernels/common.config", "CONFIG_PSTORE=y\nCONFIG_DROPPED=y\n");
        Assert.That(
            () => Store().EnsureAsync("lab-6.1", cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("common.config:2: CONFIG_DROPPED=y")
        );
        Assert.That(Directory.EnumerateFiles(Builds, "compiled", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task A_package_without_a_tree_is_named(CancellationToken cancellationToken)
    {
        _archive.Files[Source] = new() { ["usr/share/doc/x"] = [1] };
        var fault = (
            await Assert.ThrowsAsync<InfraException>(() => Store().EnsureAsync("lab-6.1", cancellationToken))
        )!.Message;
        Assert.That(fault, Does.StartWith("There is no source of a kernel in linux-source-6.1.deb"));
        await PackAsync();
        Assert.That(
            await Store().EnsureAsync("lab-6.1", cancellationToken),
            Is.Not.Null,
            "and half a tree was not left"
        );
    }

    [Test]
    public async Task Pruning_deletes_what_an_interrupted_build_left(CancellationToken cancellationToken)
    {
        _tree.Write("fail-once", "");
        await PackAsync();
        await Assert.ThrowsAsync<InfraException>(() => Store().EnsureAsync("lab-6.1", cancellationToken));
        Store().Prune();
        Assert.That(Directory.Exists(Builds), Is.False);
    }

    private async Task PackAsync()
    {
        using var packed = new MemoryStream();
        var spec = new ProcessSpec("tar", "--create", "--xz", "--transform", $"s,^\\.,{Source},", ".")
        {
            WorkingDirectory = _tree.Path,
            StandardOutput = packed,
        };
        (await new ProcessRunner().RunAsync(spec)).EnsureSuccess();
        _archive.Files[Source] = new() { [$"usr/src/{Source}.tar.xz"] = packed.ToArray() };
    }

    private KernelStore Store(params string[] modules)
    {
        var paths = new LabPaths(_scratch.Path);
        return new KernelStore(
            new ProcessRunner(),
            _archive,
            paths,
            KernelCatalogue.Load(Path.Combine(paths.Images, "kernels.yaml")),
            ["ramoops", .. modules],
            MachineCatalogue.Default.Architecture
        );
    }
}
