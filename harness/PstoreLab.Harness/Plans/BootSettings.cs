using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>How the machine stands at a boot. What the next one does not change stays as it is.</summary>
/// <param name="Kernel">The kernel that boots.</param>
/// <param name="Parameters">What is set until it is changed: by the scenario, for the backends, for a crash
/// kernel.</param>
internal sealed record BootSettings(string Kernel, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>
    /// What is set for the crashes ahead of this boot, where <see cref="Parameters"/> say nothing else, and for no
    /// other boot.
    /// </summary>
    public IReadOnlyDictionary<string, string> ForCrashes { get; init; } = new Dictionary<string, string>();

    /// <summary>The image that QEMU enters; null for the quickest.</summary>
    public KernelImage? Image { get; init; }

    /// <summary>Processors of the machine.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>The systemd guest that boots; null for the small one.</summary>
    public string? Systemd { get; init; }

    /// <summary>Who loads the backends' modules in a systemd guest.</summary>
    public ModuleLoading Modules { get; init; }

    /// <summary>What waits for a panic.</summary>
    public CaptureKernel CaptureKernel { get; init; }

    /// <summary>Whether something is loaded that takes over at a panic.</summary>
    public bool LoadsCaptureKernel => CaptureKernel is CaptureKernel.Loaded or CaptureKernel.Panics;

    /// <summary>Options of the pstore file system that the scenario asks for; null for none.</summary>
    public string? Mount { get; init; }

    /// <summary>Before the first boot has changed anything.</summary>
    public static BootSettings Of(Case @case, MachineStores stores, IEnumerable<BootImage> images) =>
        new(
            @case.Kernels[0],
            Together(
                stores.Attached.Parameters,
                stores.UnwantedFrontends(images).Select(size => KeyValuePair.Create(size, "0")),
                @case.Parameters,
                @case.Appended
            )
        );

    /// <summary>Every parameter that is set.</summary>
    public IReadOnlyDictionary<string, string> AllParameters =>
        Together(Parameters, ForCrashes.Where(parameter => !Parameters.ContainsKey(parameter.Key)));

    /// <summary>The same with what a boot changes.</summary>
    public BootSettings With(BootOptions options) =>
        this with
        {
            Parameters = WithCaptureKernel(Together(Parameters, options.Parameters), options.CaptureKernel),
            Mount = options.Mount ?? Mount,
            Cpus = options.Cpus ?? Cpus,
            Image = options.Image ?? Image,
            Systemd =
                options.Systemd is null ? Systemd
                : options.Systemd == BootOptions.NoSystemd ? null
                : options.Systemd,
            Modules = options.Modules ?? Modules,
            CaptureKernel = options.CaptureKernel ?? CaptureKernel,
        };

    private static Dictionary<string, string> WithCaptureKernel(
        Dictionary<string, string> parameters,
        CaptureKernel? captureKernel
    )
    {
        if (captureKernel == CaptureKernel.None)
            parameters.Remove(CaptureKernelNeeds.Parameter);
        else if (captureKernel is not null)
            parameters.TryAdd(CaptureKernelNeeds.Parameter, CaptureKernelNeeds.ReservedMemory);
        return parameters;
    }

    /// <summary>
    /// All of them, each in the place where it was first set, with the value that it was last set to.
    /// </summary>
    private static Dictionary<string, string> Together(
        params IEnumerable<IEnumerable<KeyValuePair<string, string>>> layers
    )
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in layers.SelectMany(layer => layer))
            all[name] = value;
        return all;
    }
}
