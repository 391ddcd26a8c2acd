using System.Text.Json.Serialization;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Plans;

/// <summary>
/// One case, worked out to the last argument: pure data. <c>explain</c> prints it, the run carries it out,
/// <c>repro.sh</c> is written from it and the oracle judges by it, so all four speak of the same thing.
/// </summary>
/// <param name="Case">The case's id.</param>
/// <param name="Dimensions">The cell of the matrix.</param>
/// <param name="Accelerator">QEMU's accelerator, <c>kvm</c> or <c>tcg</c>.</param>
/// <param name="MemoryMiB">Memory of the largest machine.</param>
/// <param name="Kernels">Every kernel that is booted, in order of first use.</param>
/// <param name="Files">Read-only files that must lie in the case folder.</param>
/// <param name="Store">The store before the first boot.</param>
/// <param name="Boots">What is done, boot by boot.</param>
public sealed record Plan(
    string Case,
    string Summary,
    IReadOnlyDictionary<string, string> Dimensions,
    string Backend,
    string Accelerator,
    int MemoryMiB,
    IReadOnlyList<PlannedKernel> Kernels,
    IReadOnlyList<StagedFile> Files,
    StoreTemplate Store,
    IReadOnlyList<PlannedBoot> Boots,
    IReadOnlyList<PlannedKnownBug> Known
)
{
    /// <summary>The number of the format of <c>plan.json</c> that this PstoreLab writes and reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The format of <c>plan.json</c>; 0 in those that had no number.</summary>
    public int Format { get; init; }

    /// <summary>The name of the machine that every boot runs on.</summary>
    public string Machine { get; init; } = MachineCatalogue.Default.Name;

    /// <summary>The stores of the unused backends: the machine has them too, and they must be given nothing.</summary>
    public IReadOnlyList<OtherStore> Others { get; init; } = [];

    /// <summary>Kernel parameters that the user added to those of every boot; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Appended { get; init; }

    /// <summary>The failures that the user's own list of known bugs tolerates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ToleratedFailure>? Tolerated { get; init; }

    /// <summary>Where it starts; null for the first step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepOfCase? StartsAfter { get; init; }

    /// <summary>The store that firmware copies into memory when it boots; null where there is none.</summary>
    [JsonIgnore]
    public string? FirmwareStore =>
        BackendCatalogue.Get(Backend).IsCopiedByFirmware
            ? StoreTemplate.FileName
            : Others.FirstOrDefault(other => BackendCatalogue.Get(other.Backend).IsCopiedByFirmware)?.File;

    /// <summary>Every step, in order.</summary>
    [JsonIgnore]
    public IEnumerable<PlanStep> Steps => Boots.SelectMany(boot => boot.Steps);

    /// <summary>Whether any boot is that of a systemd guest.</summary>
    [JsonIgnore]
    public bool HasSystemd => Steps.OfType<PowerOn>().Any(on => on.Systemd is not null);

    /// <summary>
    /// Whether a checkpoint stands for every boot, whatever is in the store, and nothing takes much of the guest's
    /// memory behind it, as another kernel that boots in it does or a command of the scenario may.
    /// </summary>
    [JsonIgnore]
    public bool IsRestorable =>
        Steps.All(step =>
            step
                is not (
                    PowerOn { Start: null or { Memory: null } or { TakesVariables: true } }
                    or WarmBoot
                    or RunInGuest
                    or Ask { Request: AgentRequest.LoadCaptureKernel }
                )
        );

    /// <summary>Every step with the boot that it belongs to, in order.</summary>
    public IEnumerable<(PlannedBoot Boot, PlanStep Step)> StepsWithBoots() =>
        Boots.SelectMany(boot => boot.Steps.Select(step => (boot, step)));

    /// <summary>The boots that its first steps belong to, with those steps and no other.</summary>
    /// <param name="steps">How many steps.</param>
    public IReadOnlyList<PlannedBoot> First(int steps)
    {
        var first = new List<PlannedBoot>();
        foreach (var boot in Boots)
        {
            if (steps == 0)
                break;
            PlanStep[] own = [.. boot.Steps.Take(steps)];
            steps -= own.Length;
            first.Add(boot with { Steps = own });
        }

        return first;
    }

    /// <summary>The boot of that number.</summary>
    public PlannedBoot BootOf(BootNumber number) => Boots[number.Value - 1];

    /// <summary>
    /// Whether programs run at that boot that may write to the console: those of a systemd guest, and commands of the
    /// scenario. The agent of the initramfs guest writes to the kernel's log alone.
    /// </summary>
    public bool RunsPrograms(BootNumber boot) =>
        BootOf(boot).Steps.Any(step => step is RunInGuest) || IsSystemdAt(boot);

    /// <summary>Whether that boot is one of a systemd guest.</summary>
    public bool IsSystemdAt(BootNumber boot) =>
        Boots.Take(boot.Value).SelectMany(before => before.Steps.OfType<PowerOn>()).LastOrDefault()
            is { Systemd: not null };

    /// <summary>Whether the store was damaged on purpose before that boot.</summary>
    public bool IsDamagedBefore(BootNumber boot) =>
        Boots.Take(boot.Value - 1).Any(before => before.Steps.Any(step => step is DamageStore));

    /// <summary>What is known of the store as that boot finds it and leaves it.</summary>
    /// <param name="other">One of <see cref="Others"/>; null for the one under test.</param>
    public StoreOptions StoreOptionsOf(PlannedBoot boot, OtherStore? other = null) =>
        new()
        {
            Parameters = BackendCatalogue.Get(other?.Backend ?? Backend).LayoutParameters(boot.Parameters),
            Cpus = boot.Cpus,
            Kernel = VersionOf(boot.Kernel),
            Address = (other?.Store ?? Store).Address,
            // All machines here are: what another byte order would make a record is none.
            Endian = Endianness.Little,
        };

    /// <summary>Major and minor version of one of the kernels.</summary>
    public Version VersionOf(string kernel) => KernelVersion.Parse(KernelNamed(kernel).Release).MajorMinor;

    /// <summary>
    /// What the kernel of that boot compresses with, and therefore all that it can decompress; null where it was built
    /// without.
    /// </summary>
    public CompressionMethod? CompressionOf(PlannedBoot boot) =>
        PstoreCompression.Of(
            VersionOf(boot.Kernel),
            KernelNamed(boot.Kernel).Compressors,
            boot.Parameters.GetValueOrDefault(PstoreCompression.Parameter)
        );

    private PlannedKernel KernelNamed(string name) => Kernels.First(known => known.Name == name);
}

/// <summary>The store of a backend that is not the one that is judged.</summary>
/// <param name="File">Its name in the case folder.</param>
/// <param name="Store">As it is before the first boot.</param>
public sealed record OtherStore(string Backend, string File, StoreTemplate Store);

/// <summary>A kernel of the plan.</summary>
/// <param name="Version">The package's version; <paramref name="Release"/> is what <c>uname -r</c> says.</param>
/// <param name="Compressors">What pstore was built with; null where the kernel's configuration is not known.</param>
public sealed record PlannedKernel(string Name, string Version, string Release, PlannedCompressors? Compressors = null)
{
    /// <summary>
    /// Which build it is, of a user-supplied kernel; null for the others. See <see cref="Kernel.Build"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Build { get; init; }

    /// <summary>Its release, with all that tells builds of it apart.</summary>
    [JsonIgnore]
    public string Described => $"{Release} ({string.Join(", ", [.. PackageVersion, .. BuildWords])})";

    /// <summary>The same where the user brought it along; of others the release alone.</summary>
    [JsonIgnore]
    public string Label => Build is null ? Release : Described;

    private IEnumerable<string> PackageVersion => Version != Release || Build is null ? [$"package {Version}"] : [];

    private IEnumerable<string> BuildWords => Build is null ? [] : [$"build {Build[..Math.Min(Build.Length, 8)]}"];
}

/// <summary>The compressors that a kernel's pstore was built with.</summary>
/// <param name="Names">Words for <c>pstore.compress</c>; none where compression was left out.</param>
/// <param name="Default">The one that is used where the parameter is not set; null where compression was left
/// out.</param>
public sealed record PlannedCompressors(IReadOnlyList<string> Names, string? Default);

/// <summary>A file of the case folder that is linked or copied from elsewhere and never written.</summary>
/// <param name="Name">Its name in the case folder.</param>
/// <param name="Source">Absolute path on this host.</param>
public sealed record StagedFile(string Name, string Source);

/// <summary>A bug that this cell must show, and how. See <see cref="Scenarios.KnownBug"/>.</summary>
/// <param name="ByChance">Whether the cell may also pass.</param>
public sealed record PlannedKnownBug(string Bug, Expectation Instead, bool ByChance = false)
{
    /// <inheritdoc cref="Scenarios.KnownBug.Ticket"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ticket { get; init; }
}
