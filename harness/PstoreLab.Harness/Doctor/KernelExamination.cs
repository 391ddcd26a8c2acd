using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Doctor;

/// <summary>Which features a kernel has, by its own configuration and modules.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Features">What was looked for, in the order to be shown.</param>
public sealed record KernelExamination(Kernel Kernel, IReadOnlyList<ExaminedFeature> Features)
{
    /// <exception cref="UsageException">Nobody knows how the kernel was configured; says where to give it.</exception>
    public static KernelExamination Of(Kernel kernel)
    {
        if (kernel.Config is null)
        {
            throw new UsageException(
                $"{kernel.Name} ({kernel.Release}): its configuration is not known; put it beside the image "
                    + $"as config-{kernel.Release} or config, give a .deb or a built tree, or build it with "
                    + "CONFIG_IKCONFIG"
            );
        }

        var config = KernelConfig.Load(kernel.Config);
        return new KernelExamination(
            kernel,
            [
                .. KernelFeatures
                    .Of(KernelVersion.Parse(kernel.Release).MajorMinor)
                    .Select(feature => ExaminedFeature.Of(feature, kernel, config)),
            ]
        );
    }
}

/// <summary>What a kernel has of a feature.</summary>
/// <param name="Values">What its configuration says of each option that the feature needs: <c>y</c>, <c>m</c>,
/// <c>n</c>.</param>
/// <param name="ToSet">The options that must be set otherwise, as in <c>.config</c>; empty when nothing has.</param>
/// <param name="NoModules">The modules that are looked for in vain where the configuration has them; empty when nothing
/// is missing.</param>
/// <param name="Lack">What else it lacks; null when nothing.</param>
public sealed record ExaminedFeature(
    KernelFeature Feature,
    IReadOnlyList<KeyValuePair<string, string>> Values,
    IReadOnlyList<string> ToSet,
    IReadOnlyList<string> NoModules,
    string? Lack
)
{
    public bool IsThere => ToSet.Count == 0 && NoModules.Count == 0 && Lack is null;

    internal static ExaminedFeature Of(KernelFeature feature, Kernel kernel, KernelConfig config)
    {
        var values = feature.Needs.Select(need => KeyValuePair.Create(need.Name, config.Get(need.Name))).ToList();
        string[] toSet = [.. feature.Needs.Where(need => !need.IsMetBy(config)).Select(need => $"{need.Name}=y")];
        string[] absent = [.. feature.Modules.Where(module => !kernel.Modules.ContainsKey(module))];
        // Which option makes which module is not declared; but there must be as many as there are options set to m.
        bool enough = feature.Modules.Count - absent.Length >= values.Count(value => value.Value == "m");
        return new ExaminedFeature(
            feature,
            values,
            toSet,
            enough ? [] : absent,
            toSet.Length == 0 ? feature.LackOf(kernel) : null
        );
    }
}
