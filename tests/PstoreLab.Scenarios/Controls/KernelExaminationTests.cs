using PstoreLab.Harness.Doctor;

namespace PstoreLab.Scenarios.Controls;

/// <summary>What <c>doctor --kernel</c> says of a kernel whose cases have shown it.</summary>
public sealed class KernelExaminationTests
{
    [Test]
    [Category("Quick")]
    public async Task Debians_kernel_has_every_backend_and_no_frontend()
    {
        var found = KernelExamination.Of(
            await LabSession.Lab.Kernels.EnsureAsync("debian-6.1", TestContext.CurrentContext.CancellationToken)
        );
        var there = found.Features.Where(feature => feature.IsThere).Select(feature => feature.Feature.Name).ToList();
        Assert.That(
            there,
            Is.SupersetOf(new[] { "ramoops", "erst", "efi", "pstore-blk", "deflate", "sysrq-c", "oops" })
        );
        Assert.That(
            found
                .Features.Where(feature => feature.Feature.Kind == KernelFeatureKind.Frontend)
                .SelectMany(feature => feature.ToSet),
            Does.Contain("CONFIG_PSTORE_CONSOLE=y")
        );
    }
}
