using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Harness.Doctor;

/// <summary>All that cases may need of a kernel, from the declarations by which a plan is refused.</summary>
public static class KernelFeatures
{
    /// <param name="kernel">As major.minor: compressors are others before 6.6 and since.</param>
    public static IReadOnlyList<KernelFeature> Of(Version kernel) =>
        [
            .. BackendCatalogue.All.Select(backend => new KernelFeature(
                KernelFeatureKind.Backend,
                backend.Name,
                Enabled(backend.RequiredOptions),
                backend.Modules
            )),
            .. BackendCatalogue
                .All.SelectMany(backend => backend.Frontends)
                .DistinctBy(frontend => frontend.Option)
                .Select(frontend => new KernelFeature(
                    KernelFeatureKind.Frontend,
                    frontend.Type,
                    Enabled([frontend.Option]),
                    []
                )),
            .. PstoreCompression
                .Needs(kernel)
                .Select(compressor => new KernelFeature(
                    KernelFeatureKind.Compressor,
                    compressor.Name,
                    compressor.Options,
                    []
                )),
            .. CrashCatalogue
                .All.Where(crash => crash.Request is not null)
                .Select(crash => new KernelFeature(
                    KernelFeatureKind.Crash,
                    crash.Name,
                    Enabled(crash.RequiredOptions),
                    []
                )
                {
                    LackOf = crash.LackOf,
                }),
            new(KernelFeatureKind.Crash, "kdump", Enabled(CaptureKernelNeeds.ToLoad), []),
            new(KernelFeatureKind.Guest, "systemd", Enabled(SystemdModules.RequiredOptions), []),
        ];

    private static NeededOption[] Enabled(IEnumerable<string> options) =>
        [.. options.Select(option => new NeededOption(option))];
}
