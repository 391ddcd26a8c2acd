using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Tests.Packages;

public class AptTests
{
    private const string Debian = "ID=debian\nVERSION_CODENAME=\"bookworm\"\n";

    [Test]
    public void The_mirror_is_the_one_that_serves_Debian_main() =>
        Assert.That(
            AptHost.MirrorOfTargets(
                """
                Packages|Debian-Security|main|bookworm-security|http://one.example/debian-security
                Packages|Someone|main|bookworm|http://two.example/x
                DEP-11|Debian|main|bookworm|http://three.example/debian
                Packages|Debian|contrib|bookworm|http://four.example/debian
                Packages|Debian|main|bookworm|http://five.example/debian/
                """
            ),
            Is.EqualTo("http://five.example/debian")
        );

    [Test]
    public void A_host_without_Debian_has_no_mirror() =>
        Assert.Multiple(() =>
        {
            Assert.That(AptHost.MirrorOfTargets("Packages|Ubuntu|main|noble|http://one.example/ubuntu\n"), Is.Null);
            Assert.That(
                AptHost.MirrorOfReleases(
                    "'http://one.example/ubuntu/dists/noble/InRelease' x 0 \n",
                    "ID=ubuntu\nVERSION_CODENAME=noble\n"
                ),
                Is.Null
            );
        });

    [Test]
    public void A_host_that_was_never_updated_is_known_by_its_sources() =>
        Assert.That(
            AptHost.MirrorOfReleases(
                "'http://one.example/x/dists/other/InRelease' a 0 "
                    + "\n'http://two.example/debian/dists/bookworm/InRelease' b 0 \n",
                Debian
            ),
            Is.EqualTo("http://two.example/debian")
        );

    [Test]
    public void The_hosts_proxy_is_taken_over_and_its_hooks_and_loosened_checks_are_not()
    {
        var settings = AptHost.AcquireSettings(
            """
            APT::Update::Post-Invoke:: "rm -rf /";
            Acquire::http::Proxy "http://proxy.example:3128";
            Acquire::Check-Valid-Until "false";
            Acquire::AllowInsecureRepositories "true";
            Acquire::IndexTargets::deb::DEP-11::MetaKey "x";
            Acquire::Languages:: "de";
            """
        );
        Assert.That(
            settings,
            Is.EqualTo(
                new[] { "Acquire::http::Proxy \"http://proxy.example:3128\";", "Acquire::Check-Valid-Until \"false\";" }
            )
        );
    }

    [Test]
    public void The_packages_signature_is_held_against_Debians_keys()
    {
        var root = new AptRoot(
            new ProcessRunner(),
            "/x",
            "trixie",
            new AptHost("http://one.example/debian", []),
            MachineCatalogue.Default.Architecture
        );
        Assert.That(root.Sources, Does.Contain("signed-by=").And.EndsWith(" http://one.example/debian trixie main\n"));
    }

    [Test]
    public void A_stanza_tells_where_the_rest_of_a_kernel_is()
    {
        const string Parts =
            "linux-base-7.2.12+deb13-amd64 (= 7.2.12-1~bpo13+1), linux-binary-7.2.12+deb13-amd64 (= 7.2.12-1~bpo13+1), "
            + "linux-modules-7.2.12+deb13-amd64";
        var package = Package
            .ParseAll(
                $"""
                Package: linux-image-7.2.12+deb13-amd64
                Version: 7.2.12-1~bpo13+1
                Depends: dracut | linux-initramfs-tool, {Parts}
                Description: a kernel
                 Depends: not on this
                """
            )
            .Single();
        Assert.That(package.Version, Is.EqualTo("7.2.12-1~bpo13+1"));
        Assert.That(
            package.KernelParts,
            Is.EqualTo(
                new[]
                {
                    "linux-base-7.2.12+deb13-amd64",
                    "linux-binary-7.2.12+deb13-amd64",
                    "linux-modules-7.2.12+deb13-amd64",
                }
            )
        );
    }

    [Test]
    public void The_general_linux_base_is_no_part_of_a_kernel() =>
        Assert.That(
            new Package("linux-image-6.1.0-50-amd64", "6.1.176-1", "kmod, linux-base (>= 4.3~), x").KernelParts,
            Is.Empty
        );

    [TestCase("6.12.94-1", "6.12.107-1", "6.12.107-1")]
    [TestCase("7.2.12-1~bpo13+1", "7.2.9-1~bpo13+1", "7.2.12-1~bpo13+1")]
    [TestCase("6.1.176-1", "6.1.176-1~bpo11+1", "6.1.176-1")]
    public async Task The_newest_version_is_the_one_dpkg_says(string one, string other, string newest)
    {
        if (HostProgram.Find("dpkg") is null)
            Assert.Ignore("no dpkg on this machine");
        var chosen = await new VersionOrder(new ProcessRunner()).NewestAsync(
            [new("a", one, ""), new("b", other, "")],
            CancellationToken.None
        );
        Assert.That(chosen.Version, Is.EqualTo(newest));
    }
}
