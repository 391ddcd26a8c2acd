using System.Text;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Kernels.Build;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Tests.Machines;

/// <summary>What is asked of an architecture is asked of the guest's, not of the host's.</summary>
public class OtherArchitectureTests
{
    private static readonly IArchitecture Foreign = new ForeignArchitecture();

    private static readonly IArchitecture Pc = MachineCatalogue.Default.Architecture;

    [Test]
    public void KVM_runs_no_guest_of_another_architecture()
    {
        IMachine machine = new BareMachine { Architecture = Foreign };
        Assert.That(
            machine.WhyNotKvm,
            Is.EqualTo("KVM runs guests of the host's own architecture, and this one is not foreign")
        );
        Assert.That(Pc.IsHosts ? MachineCatalogue.Default.WhyNotKvm : null, Is.Null.Or.Contains("/dev/kvm"));
    }

    [Test]
    public void Kernels_of_another_architecture_take_a_cross_compiler()
    {
        Assert.That(Foreign.CompilerPrefix, Is.EqualTo("foreign-linux-gnu-"));
        Assert.That(BuildTools.MissingPackages(Foreign), Does.Contain("gcc-foreign-linux-gnu"));
        Assert.That(Pc.IsHosts ? Pc.CompilerPrefix : "", Is.Empty);
    }

    [Test]
    public void Packages_are_those_of_the_architecture()
    {
        var root = new AptRoot(new ProcessRunner(), "/x", "trixie", new AptHost("mirror", []), Foreign);
        Assert.That(root.Sources, Does.StartWith("deb [arch=foreign64 "));
        Assert.That(root.Config(root: false), Does.Contain("APT::Architectures \"foreign64\";"));
    }

    [Test]
    public void Kernels_on_a_console_are_told_apart_by_their_architectures_words()
    {
        const string Console =
            "Booting Linux on a\none\nBooting Linux on b\ncaptured\n[    0.000000] Linux version 6.1\n"
            + "Booting Linux on c\ntwo\n";
        Assert.That(
            Begins(Console, Foreign),
            Is.EqualTo([("Booting Linux on b", KernelKind.CaptureKernel), ("Booting Linux on c", KernelKind.NextBoot)])
        );
        Assert.That(Begins(Console, Pc), Is.Empty);
    }

    [TestCase("Internal error: Oops", true, false)]
    [TestCase("Oops: 0000 [#1]", false, true)]
    [TestCase("Kernel panic - not syncing: x", true, true)]
    [TestCase("all is well", false, false)]
    public void A_kernel_dies_with_its_architectures_words_or_with_those_of_all(string line, bool foreign, bool pc)
    {
        Assert.That(ConsoleAlarms.IsTrouble(line, Foreign), Is.EqualTo(foreign));
        Assert.That(ConsoleAlarms.IsTrouble(line, Pc), Is.EqualTo(pc));
    }

    private static List<(string, KernelKind)> Begins(string console, IArchitecture architecture)
    {
        var begun = new List<(string, KernelKind)>();
        var lines = new ConsoleLines(
            architecture,
            line =>
            {
                if (line.Begins is { } kernel)
                    begun.Add((line.Text, kernel));
            }
        );
        lines.Take(Encoding.Latin1.GetBytes(console));
        lines.End();
        return begun;
    }
}
