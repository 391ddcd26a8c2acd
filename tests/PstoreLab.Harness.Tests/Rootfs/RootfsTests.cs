using System.Collections.Concurrent;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Rootfs;

/// <summary>
/// The store of systemd guests' disks, with a stand-in for mmdebstrap: the real one is run by the tests that boot
/// guests.
/// </summary>
[CancelAfter(60_000)]
public class RootfsTests
{
    private ScratchFolder _scratch = null!;
    private Mmdebstrap _mmdebstrap = null!;

    private string Cache => Path.Combine(_scratch.Path, "images/.cache/rootfs");

    [SetUp]
    public void SetUp()
    {
        if (RootfsTools.MissingPackages is { Count: > 0 } missing)
            Assert.Ignore($"not on this machine: {string.Join(", ", missing)}");
        _scratch = new ScratchFolder();
        _scratch.Write(
            "images/rootfs.yaml",
            "rootfs:\n  old: { suite: bookworm }\n  new: { suite: bookworm, systemd: bookworm-backports }\n"
        );
        _scratch.Write("images/rootfs/packages", "# a remark\nsystemd-sysv\nudev\n");
        _scratch.Write("images/rootfs/customize", "#!/bin/sh\n");
        _scratch.Write("images/rootfs/make-disk", "#!/bin/sh\n");
        _mmdebstrap = new Mmdebstrap();
    }

    [TearDown]
    public void TearDown() => _scratch?.Dispose();

    [Test]
    public async Task A_disk_is_made_once(CancellationToken cancellation)
    {
        var made = await Store().EnsureAsync("old", cancellation);
        Assert.That(made.SystemdVersion, Is.EqualTo("252.1-1"));
        Assert.That(made.Format, Is.EqualTo(DiskFormat.Qcow2));
        Assert.That(File.ReadAllText(made.Path), Is.EqualTo("a disk"));
        Assert.That(await Store().EnsureAsync("old", cancellation), Is.EqualTo(made));
        Assert.That(_mmdebstrap.Calls, Has.Count.EqualTo(1));
        Assert.That(Store().Find("new"), Is.Null);
    }

    [Test]
    public async Task Several_at_once_make_it_once_and_leave_nothing_else(CancellationToken cancellation)
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store().EnsureAsync("old", cancellation)));
        Assert.That(made.Distinct().Count(), Is.EqualTo(1));
        Assert.That(_mmdebstrap.Calls, Has.Count.EqualTo(1));
        Assert.That(
            Directory.GetFileSystemEntries(Path.Combine(Cache, "old")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "lock", "resolved.json", Path.GetFileName(Path.GetDirectoryName(made[0].Path)) })
        );
    }

    [Test]
    public async Task Another_recipe_makes_another_disk(CancellationToken cancellation)
    {
        var before = await Store().EnsureAsync("old", cancellation);
        _scratch.Write("images/rootfs/customize", "#!/bin/sh\n# changed\n");
        Assert.That(Store().Find("old"), Is.Null);
        Assert.That((await Store().EnsureAsync("old", cancellation)).Path, Is.Not.EqualTo(before.Path));
        Assert.That(before.Path, Does.Exist, "somebody may be running on it");
    }

    [Test]
    public async Task Looking_again_keeps_the_disk_that_has_the_same_packages(CancellationToken cancellation)
    {
        var before = await Store().EnsureAsync("old", cancellation);
        Assert.That(await Store().RefreshAsync("old", cancellation), Is.EqualTo(before));
        _mmdebstrap.Systemd = "252.2-1";
        var after = await Store().RefreshAsync("old", cancellation);
        Assert.That(after.SystemdVersion, Is.EqualTo("252.2-1"));
        Assert.That(
            Store().List().Select(stored => (stored.SystemdVersion, stored.IsCurrent)),
            Is.EquivalentTo(new[] { ("252.1-1", false), ("252.2-1", true) })
        );
        Assert.That(Store().Prune().Select(stored => stored.SystemdVersion), Is.EqualTo(new[] { "252.1-1" }));
        Assert.That(Store().Find("old"), Is.EqualTo(after));
    }

    [Test]
    public async Task A_damaged_disk_is_made_anew(CancellationToken cancellation)
    {
        var made = await Store().EnsureAsync("old", cancellation);
        File.Delete(made.Path);
        Assert.That(Store().Find("old"), Is.Null);
        Assert.That(await Store().EnsureAsync("old", cancellation), Is.EqualTo(made));
        Assert.That(made.Path, Does.Exist);
    }

    [Test]
    public void A_build_that_fails_says_why_and_leaves_nothing(CancellationToken cancellation)
    {
        _mmdebstrap.Fails = true;
        Assert.That(
            () => Store().EnsureAsync("old", cancellation),
            Throws.TypeOf<InfraException>().With.Message.Contains("E: no such suite")
        );
        Assert.That(
            Directory.GetFileSystemEntries(Path.Combine(Cache, "old")).Select(Path.GetFileName),
            Is.EqualTo(new[] { "lock" })
        );
    }

    [Test]
    public async Task Systemd_alone_comes_from_the_second_suite(CancellationToken cancellation)
    {
        await Store().EnsureAsync("new", cancellation);
        var call = _mmdebstrap.Calls.Single();
        Assert.That(call.Arguments, Has.One.EqualTo("--include=systemd-sysv,udev"));
        Assert.That(call.Arguments.Count(argument => argument.StartsWith("deb ")), Is.EqualTo(2));
        Assert.That(
            call.Arguments[^1],
            Does.EndWith(" bookworm-backports main").And.Contain("signed-by=/usr/share/keyrings/")
        );
        Assert.That(call.Preferences, Does.Contain("Package: src:systemd\nPin: release n=bookworm-backports\n"));
    }

    [TestCase("rootfs:\n  a: {}\n", ":2:6:", "has no 'suite'")]
    [TestCase("rootfs:\n  a: { suite: x, sytemd: y }\n", ":2:18:", "unknown key 'sytemd'; expected suite, systemd")]
    [TestCase("rootfs:\n  a: { suite: ../x }\n", ":2:15:", "not the name of a suite")]
    [TestCase("kernels: {}\n", ":1:1:", "unknown key 'kernels'")]
    public void A_wrong_catalogue_is_refused_with_its_place(string text, string place, string complaint)
    {
        var path = _scratch.Write("r.yaml", text);
        Assert.That(
            () => RootfsCatalogue.Load(path),
            Throws.TypeOf<UsageException>().With.Message.StartsWith(path + place).And.Message.Contains(complaint)
        );
    }

    [Test]
    public async Task A_seed_is_an_archive_of_files_that_can_be_a_disk(CancellationToken cancellation)
    {
        var seed = GuestSeed
            .ForSsh(_scratch.Write("key", "secret\n"), "ssh-ed25519 AAAA")
            .With(new Dictionary<string, SeedFile> { ["/etc/systemd/pstore.conf"] = new("[PStore]\n") });
        string path = Path.Combine(_scratch.Path, "seed.tar");
        seed.Write(path);
        Assert.That(new FileInfo(path).Length % 512, Is.Zero);
        var listed = await new ProcessRunner().RunAsync(
            new ProcessSpec("tar", "--list", "--verbose", "--numeric-owner", "--file", path),
            cancellation
        );
        Assert.That(
            listed
                .EnsureSuccess()
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(words => $"{words[0]} {words[1]} {words[^1]}"),
            Is.EqualTo(
                new[]
                {
                    "-rw------- 0/0 etc/ssh/ssh_host_ed25519_key",
                    "-rw-r--r-- 0/0 etc/systemd/pstore.conf",
                    "-rw------- 0/0 root/.ssh/authorized_keys",
                }
            )
        );
    }

    [Test]
    public async Task An_overlay_takes_the_writes_for_the_disk_under_it(CancellationToken cancellation)
    {
        string under = Path.Combine(_scratch.Path, "under.raw");
        await File.WriteAllBytesAsync(under, new byte[1 << 20], cancellation);
        string overlay = Path.Combine(_scratch.Path, "overlay.qcow2");
        await RootfsOverlay.CreateAsync(new ProcessRunner(), overlay, "under.raw", "raw", cancellation);
        (
            await new ProcessRunner().RunAsync(
                new ProcessSpec("qemu-io", "-f", "qcow2", "-c", "write -P 0x55 0 4096", overlay),
                cancellation
            )
        ).EnsureSuccess();
        Assert.That(File.ReadAllBytes(under).AsSpan().ContainsAnyExcept((byte)0), Is.False);
        Assert.That(
            (
                await new ProcessRunner().RunAsync(
                    new ProcessSpec("qemu-io", "-f", "qcow2", "-c", "read -P 0x55 0 4096", overlay),
                    cancellation
                )
            )
                .Exit
                .Success
        );
    }

    private RootfsStore Store() =>
        new(
            _mmdebstrap,
            new LabPaths(_scratch.Path),
            RootfsCatalogue.Load(Path.Combine(_scratch.Path, "images/rootfs.yaml")),
            MachineCatalogue.Default.Architecture
        );

    /// <summary>Runs everything but mmdebstrap, in whose place it leaves what that would.</summary>
    private sealed class Mmdebstrap : IProcessRunner
    {
        public ConcurrentBag<(IReadOnlyList<string> Arguments, string Preferences)> Calls { get; } = [];

        public string Systemd { get; set; } = "252.1-1";

        public bool Fails { get; set; }

        public IRunningProcess Start(ProcessSpec spec)
        {
            if (spec.Program != "mmdebstrap")
                return new ProcessRunner().Start(spec);
            string preferences = Hook(spec, "upload ").Split(' ')[1];
            Calls.Add((spec.Arguments, File.ReadAllText(preferences)));
            string script = Fails
                ? "echo 'E: no such suite' >&2; exit 25"
                : $"printf 'libc6 2.36\\nsystemd {Systemd}\\n' "
                    + $">{Hook(spec, "download /pstorelab.packages").Split(' ')[2]}; printf 'a disk' "
                    + $">{Hook(spec, "download /pstorelab.qcow2").Split(' ')[2]}";
            return new ProcessRunner().Start(spec with { Program = "sh", Arguments = ["-c", script] });
        }

        private static string Hook(ProcessSpec spec, string beginning) =>
            spec
                .Arguments.Select(argument => argument[(argument.IndexOf('=') + 1)..])
                .Single(hook => hook.StartsWith(beginning, StringComparison.Ordinal));
    }
}
