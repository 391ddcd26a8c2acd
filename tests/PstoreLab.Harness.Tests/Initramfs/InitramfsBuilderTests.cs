using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Kernels;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Initramfs;

[CancelAfter(60_000)]
public class InitramfsBuilderTests
{
    private ScratchFolder _scratch = null!;
    private Kernel _kernel = null!;

    private string Cache => Path.Combine(_scratch.Path, "images/.cache/initramfs");

    [SetUp]
    public void SetUp()
    {
        if (
            HostProgram.Find("cpio") is null
            || HostProgram.Find("busybox") is not { } busybox
            || !Busybox.IsStatic(busybox, MachineCatalogue.Default.Architecture)
        )
            Assert.Ignore("no cpio or static busybox on this machine");
        _scratch = new ScratchFolder();
        _scratch.Write("images/initramfs/init", "#!/bin/sh\n");
        _scratch.Write("images/initramfs/agent", "#!/bin/sh\n# an agent\n");
        _scratch.Write("images/verbs/verbs", "# verbs\n");
        _kernel = new Kernel(
            "k",
            "1",
            "1",
            "",
            "",
            "",
            new Dictionary<string, string>
            {
                ["ramoops"] = _scratch.Write("ramoops.ko", Synthetic.Module("reed_solomon")),
                ["reed_solomon"] = _scratch.Write("reed_solomon.ko", Synthetic.Module("")),
            }
        );
    }

    [TearDown]
    public void TearDown() => _scratch?.Dispose();

    [Test]
    public async Task It_holds_busybox_our_scripts_and_the_modules_in_load_order(CancellationToken cancellationToken)
    {
        var archive = await BuildAsync(cancellationToken);
        var names = await CpioAsync(archive, cancellationToken, "--list", "--quiet");
        Assert.That(
            names.Split('\n'),
            Is.SupersetOf(
                new[]
                {
                    "init",
                    "agent",
                    "verbs",
                    "bin/busybox",
                    "bin/sh",
                    "dev",
                    "proc",
                    "sys",
                    "lib/modules/order",
                    "lib/modules/ramoops.ko",
                    "lib/modules/reed_solomon.ko",
                }
            )
        );
        Assert.That(
            await CpioAsync(archive, cancellationToken, "--extract", "--to-stdout", "--quiet", "lib/modules/order"),
            Is.EqualTo("reed_solomon\nramoops\n")
        );
    }

    [Test]
    public async Task For_systemd_it_loads_what_leads_to_the_disk_and_has_all_modules_as_modprobe_finds_them(
        CancellationToken cancellationToken
    )
    {
        if (HostProgram.Find("depmod") is null)
            Assert.Ignore("no depmod on this machine");
        _scratch.Write("images/rootfs/initramfs/init", "#!/bin/sh\n# systemd's\n");
        var kernel = _kernel with
        {
            Release = "6.1.0-test",
            Modules = new Dictionary<string, string>(_kernel.Modules)
            {
                ["ext4"] = _scratch.Write("ext4.ko", Synthetic.Module("jbd2")),
                ["jbd2"] = _scratch.Write("jbd2.ko", Synthetic.Module("")),
            },
        };
        var archive = await Builder().BuildForSystemdAsync(kernel, cancellationToken);
        var names = await CpioAsync(archive, cancellationToken, "--list", "--quiet");
        Assert.That(
            names.Split('\n'),
            Is.SupersetOf(
                new[]
                {
                    "init",
                    "verbs",
                    "bin/busybox",
                    "lib/modules/order",
                    "lib/modules/6.1.0-test/ext4.ko",
                    "lib/modules/6.1.0-test/ramoops.ko",
                    "lib/modules/6.1.0-test/modules.dep.bin",
                }
            )
        );
        Assert.That(
            await CpioAsync(archive, cancellationToken, "--extract", "--to-stdout", "--quiet", "lib/modules/order"),
            Is.EqualTo("jbd2\next4\n")
        );
        Assert.That(
            await CpioAsync(archive, cancellationToken, "--extract", "--to-stdout", "--quiet", "init"),
            Does.Contain("systemd's")
        );
    }

    [Test]
    public async Task With_a_crash_kernel_it_holds_the_kernel_again_and_the_archive_without(
        CancellationToken cancellationToken
    )
    {
        if (HostProgram.Find("gcc") is null)
            Assert.Ignore("no gcc on this machine");
        _scratch.Write(
            "images/kexec/kexec.c",
            await File.ReadAllTextAsync(Path.Combine(ScenarioBench.Root, "images/kexec/kexec.c"), cancellationToken)
        );
        var kernel = _kernel with { BzImage = _scratch.Write("vmlinuz", "a kernel") };
        var plain = await BuildAsync(cancellationToken);
        var archive = await Builder().BuildWithCaptureKernelAsync(kernel, ["ramoops"], cancellationToken);
        Assert.That(
            await CpioAsync(archive, cancellationToken, "--extract", "--to-stdout", "--quiet", "crash/vmlinuz"),
            Is.EqualTo("a kernel")
        );
        var names = (await CpioAsync(archive, cancellationToken, "--list", "--quiet")).Split('\n');
        Assert.That(names, Is.SupersetOf(new[] { "init", "bin/kexec", "crash/initramfs", "lib/modules/ramoops.ko" }));
        Assert.That(
            (await CpioAsync(plain, cancellationToken, "--list", "--quiet"))
                .Split('\n')
                .Intersect(["bin/kexec", "crash/vmlinuz"]),
            Is.Empty
        );

        _scratch.Write("vmlinuz", "another kernel");
        Assert.That(
            await Builder().BuildWithCaptureKernelAsync(kernel, ["ramoops"], cancellationToken),
            Is.Not.EqualTo(archive),
            "another kernel makes another archive"
        );
    }

    [Test]
    public async Task The_same_inputs_make_the_same_bytes(CancellationToken cancellationToken)
    {
        var archive = await BuildAsync(cancellationToken);
        var first = await File.ReadAllBytesAsync(archive, cancellationToken);
        File.Delete(archive);
        File.SetLastWriteTimeUtc(Path.Combine(_scratch.Path, "images/initramfs/init"), DateTime.UnixEpoch.AddDays(1));

        Assert.That(await BuildAsync(cancellationToken), Is.EqualTo(archive));
        Assert.That((await File.ReadAllBytesAsync(archive, cancellationToken)).AsSpan().SequenceEqual(first));
    }

    [TestCase("initramfs/init")]
    [TestCase("verbs/verbs")]
    public async Task Another_script_makes_another_archive(string script, CancellationToken cancellationToken)
    {
        var before = await BuildAsync(cancellationToken);
        _scratch.Write($"images/{script}", "#!/bin/sh\n# changed\n");
        Assert.That(await BuildAsync(cancellationToken), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Several_builders_at_once_make_one_archive_and_leave_nothing_else(
        CancellationToken cancellationToken
    )
    {
        var archives = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BuildAsync(cancellationToken)));
        Assert.That(Directory.GetFileSystemEntries(Cache), Is.EqualTo(archives.Distinct()));
    }

    [Test]
    public async Task Pruning_leaves_what_was_asked_for_lately(CancellationToken cancellationToken)
    {
        var archive = await BuildAsync(cancellationToken);
        var program = Path.Combine(Cache, "0.kexec");
        await File.WriteAllTextAsync(program, "a program", cancellationToken);
        File.SetLastWriteTimeUtc(program, DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(archive, DateTime.UtcNow.AddDays(-2));
        await BuildAsync(cancellationToken);
        Builder().Prune(TimeSpan.FromDays(1));
        Assert.That(archive, Does.Exist);
        Assert.That(program, Does.Not.Exist);
        Builder().Prune(TimeSpan.Zero);
        Assert.That(archive, Does.Not.Exist);
    }

    [TestCase("initramfs", "init")]
    [TestCase("verbs", "verbs")]
    public void A_checkout_without_a_script_is_not_whole(
        string folder,
        string script,
        CancellationToken cancellationToken
    )
    {
        Directory.Delete(Path.Combine(_scratch.Path, "images", folder), recursive: true);
        Assert.That(
            () => BuildAsync(cancellationToken),
            Throws
                .TypeOf<InfraException>()
                .With.Message.EqualTo($"{_scratch.Path}/images/{folder} has no '{script}': the checkout is not whole.")
        );
    }

    private InitramfsBuilder Builder() =>
        new(new ProcessRunner(), new LabPaths(_scratch.Path), MachineCatalogue.Default);

    private Task<string> BuildAsync(CancellationToken cancellationToken) =>
        Builder().BuildAsync(_kernel, ["ramoops"], cancellationToken);

    private static async Task<string> CpioAsync(
        string archive,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        using var input = new MemoryStream(await File.ReadAllBytesAsync(archive, cancellationToken));
        var output = await new ProcessRunner().RunAsync(
            new ProcessSpec("cpio", arguments) { StandardInput = input },
            cancellationToken
        );
        return output.EnsureSuccess().StandardOutput;
    }
}
