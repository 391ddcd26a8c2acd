using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Packages;

namespace PstoreLab.Harness.Tests.Kernels;

[CancelAfter(60_000)]
public class KernelStoreTests
{
    private const string Old = "linux-image-6.1.0-9-amd64";
    private const string New = "linux-image-6.1.0-50-amd64";

    private ScratchFolder _scratch = null!;
    private FakeArchive _archive = null!;

    private string Folder => Path.Combine(_scratch.Path, "images/.cache/kernels/debian-6.1");

    [SetUp]
    public async Task SetUp()
    {
        if (HostProgram.Find("dpkg-deb") is null)
            Assert.Ignore("no dpkg-deb on this machine");
        _scratch = new ScratchFolder();
        _scratch.Write(
            "images/kernels.yaml",
            "kernels:\n  debian-6.1: {suite: bookworm, package: 'linux-image-6\\.1\\.0-[0-9]+-amd64'}\n"
        );
        _archive = new FakeArchive();
        var image = Synthetic.BzImage(await Synthetic.PayloadAsync("gzip", Synthetic.Elf));
        foreach (var (name, version) in new[] { (Old, "6.1.27-1"), (New, "6.1.176-1") })
        {
            _archive.Packages.Add(new Package(name, version, "kmod, linux-base (>= 4.3~)"));
            _archive.Files[name] = new()
            {
                ["boot/vmlinuz-x"] = image,
                ["boot/config-x"] = "CONFIG_PSTORE=y\n"u8.ToArray(),
                ["lib/modules/x/kernel/fs/pstore/ramoops.ko"] = Synthetic.Module("reed_solomon"),
                ["lib/modules/x/kernel/lib/reed_solomon.ko.gz"] = await Synthetic.CompressAsync(
                    "gzip",
                    Synthetic.Module("")
                ),
                ["lib/modules/x/kernel/drivers/efi-pstore.ko"] = Synthetic.Module(""),
                ["lib/modules/x/kernel/other.ko"] = Synthetic.Module(""),
            };
        }
    }

    [TearDown]
    public void TearDown() => _scratch?.Dispose();

    [Test]
    public async Task The_newest_kernel_is_fetched_with_only_what_guests_need(CancellationToken cancellationToken)
    {
        var kernel = await Store().EnsureAsync("debian-6.1", cancellationToken);
        Assert.Multiple(() =>
        {
            Assert.That(kernel.Version, Is.EqualTo("6.1.176-1"));
            Assert.That(kernel.Release, Is.EqualTo("6.1.0-50-amd64"));
            Assert.That(
                kernel.Modules.Keys,
                Is.EquivalentTo(new[] { "ramoops", "reed_solomon" }),
                "the dependency came along"
            );
            Assert.That(File.ReadAllBytes(kernel.Vmlinux), Is.EqualTo(Synthetic.Elf));
            Assert.That(ModuleInfo.DependsOf(kernel.Modules["reed_solomon"]), Is.Empty, "it is uncompressed");
            Assert.That(KernelConfig.Load(kernel.Config!).Get("CONFIG_PSTORE"), Is.EqualTo("y"));
            Assert.That(Directory.EnumerateFiles(Folder, "*.deb", SearchOption.AllDirectories), Is.Empty);
        });
    }

    [Test]
    public async Task A_kernel_split_over_packages_is_put_together(CancellationToken cancellationToken)
    {
        var files = _archive.Files[New];
        _archive.Packages[1] = new Package(
            New,
            "6.1.176-1",
            "linux-base-6.1 (= 6.1.176-1), linux-binary-6.1 (= 6.1.176-1), linux-modules-6.1 (= 6.1.176-1)"
        );
        _archive.Packages.AddRange(
            from part in new[] { "base", "binary", "modules" }
            select new Package($"linux-{part}-6.1", "6.1.176-1", "")
        );
        _archive.Files[New] = [];
        _archive.Files["linux-base-6.1"] = new() { ["usr/lib/modules/x/config"] = files["boot/config-x"] };
        _archive.Files["linux-binary-6.1"] = new() { ["usr/lib/modules/x/vmlinuz"] = files["boot/vmlinuz-x"] };
        _archive.Files["linux-modules-6.1"] = files
            .Where(file => file.Key.Contains(".ko"))
            .ToDictionary(file => "usr/" + file.Key, file => file.Value);

        var kernel = await Store().EnsureAsync("debian-6.1", cancellationToken);
        Assert.That(kernel.Modules.Keys, Is.EquivalentTo(new[] { "ramoops", "reed_solomon" }));
    }

    [Test]
    public async Task A_kernel_that_is_there_is_not_asked_for_again(CancellationToken cancellationToken)
    {
        await Store().EnsureAsync("debian-6.1", cancellationToken);
        await Store().EnsureAsync("debian-6.1", cancellationToken);
        Assert.That((_archive.Updates, _archive.Downloads), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Two_who_ask_at_once_fetch_once(CancellationToken cancellationToken)
    {
        var kernels = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Store().EnsureAsync("debian-6.1", cancellationToken))
        );
        Assert.That(kernels.Select(kernel => kernel.Vmlinux).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_archive.Downloads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_fetch_leaves_nothing_behind(CancellationToken cancellationToken)
    {
        using var interrupt = new CancellationTokenSource();
        _archive.Interruption = interrupt.Cancel;
        Assert.That(
            () => Store().EnsureAsync("debian-6.1", interrupt.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Assert.That(Directory.GetDirectories(Folder), Is.Empty);

        _archive.Interruption = () => { };
        Assert.That((await Store().EnsureAsync("debian-6.1", cancellationToken)).Version, Is.EqualTo("6.1.176-1"));
    }

    [TestCase("kernel.json", null)]
    [TestCase("kernel.json", "{")]
    [TestCase("kernel.json", "{}")]
    [TestCase("vmlinux", "short")]
    [TestCase("config", null)]
    [TestCase("modules/ramoops.ko", null)]
    public async Task A_kernel_that_is_not_whole_is_not_trusted(
        string file,
        string? content,
        CancellationToken cancellationToken
    )
    {
        var kernel = await Store().EnsureAsync("debian-6.1", cancellationToken);
        var damaged = Path.Combine(Path.GetDirectoryName(kernel.Vmlinux)!, file);
        File.Delete(damaged);
        if (content is not null)
            await File.WriteAllTextAsync(damaged, content, cancellationToken);

        Assert.That(Store().Find("debian-6.1"), Is.Null);
        await Store().EnsureAsync("debian-6.1", cancellationToken);
        Assert.That(_archive.Downloads, Is.EqualTo(2));
        Assert.That(await File.ReadAllBytesAsync(kernel.Vmlinux, cancellationToken), Is.EqualTo(Synthetic.Elf));
    }

    [Test]
    public async Task What_a_killed_process_left_behind_is_swept_away(CancellationToken cancellationToken)
    {
        var left = new Temporary(Directory.CreateDirectory(Folder).FullName).Folder;
        await File.WriteAllTextAsync(Path.Combine(left, "vmlinux"), "half", cancellationToken);
        await Store().EnsureAsync("debian-6.1", cancellationToken);
        Assert.That(Temporary.In(Folder), Is.Empty);
    }

    [Test]
    public async Task Another_wanted_module_makes_the_same_version_be_unpacked_again(
        CancellationToken cancellationToken
    )
    {
        await Store().EnsureAsync("debian-6.1", cancellationToken);
        _archive.Packages.Add(new Package(Old.Replace("-9-", "-99-"), "6.1.999-1", ""));
        var kernel = await Store("ramoops", "efi_pstore", "pstore_blk").EnsureAsync("debian-6.1", cancellationToken);
        Assert.That(kernel.Version, Is.EqualTo("6.1.176-1"));
        Assert.That(kernel.Modules.Keys, Is.EquivalentTo(new[] { "ramoops", "reed_solomon", "efi_pstore" }));
        Assert.That(
            Store("ramoops", "pstore_blk").Find("debian-6.1"),
            Is.Not.Null,
            "a module the kernel lacks is not looked for again"
        );
        Assert.That(
            Store().Find("debian-6.1")?.Vmlinux,
            Is.EqualTo(kernel.Vmlinux),
            "who wants fewer takes it as it is"
        );
    }

    [Test]
    public async Task A_refresh_finds_a_newer_version_and_pruning_deletes_the_older(CancellationToken cancellationToken)
    {
        var newest = _archive.Packages[1];
        _archive.Packages.RemoveAt(1);
        Assert.That((await Store().EnsureAsync("debian-6.1", cancellationToken)).Version, Is.EqualTo("6.1.27-1"));
        _archive.Packages.Add(newest);
        Assert.That((await Store().EnsureAsync("debian-6.1", cancellationToken)).Version, Is.EqualTo("6.1.27-1"));
        Assert.That((await Store().RefreshAsync("debian-6.1", cancellationToken)).Version, Is.EqualTo("6.1.176-1"));

        Assert.That(
            Store().List().Select(kernel => (kernel.Version, kernel.IsCurrent)),
            Is.EquivalentTo(new[] { ("6.1.27-1", false), ("6.1.176-1", true) })
        );
        Assert.That(Store().Prune().Select(kernel => kernel.Version), Is.EqualTo(new[] { "6.1.27-1" }));
        Assert.That(Store().List().Select(kernel => kernel.Version), Is.EqualTo(new[] { "6.1.176-1" }));
    }

    [Test]
    public void A_kernel_the_archive_does_not_have_is_named_with_its_entry(CancellationToken cancellationToken)
    {
        _archive.Packages.Clear();
        Assert.That(
            () => Store().EnsureAsync("debian-6.1", cancellationToken),
            Throws.TypeOf<InfraException>().With.Message.Contains("kernels.yaml:2:3").And.Message.Contains("bookworm")
        );
    }

    private KernelStore Store(params string[] modules)
    {
        var paths = new LabPaths(_scratch.Path);
        var catalogue = KernelCatalogue.Load(Path.Combine(paths.Images, "kernels.yaml"));
        return new KernelStore(
            new ProcessRunner(),
            _archive,
            paths,
            catalogue,
            modules.Length == 0 ? ["ramoops"] : modules,
            MachineCatalogue.Default.Architecture
        );
    }
}
