using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Checkpoints;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Packages;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Runs;

/// <summary>Everything put together: what the command line and the NUnit front end both stand on.</summary>
public sealed class Lab
{
    private readonly TimeProvider _time;
    private readonly IProgress<string>? _progress;

    /// <param name="paths">The checkout.</param>
    /// <param name="progress">Told what takes long, one line each.</param>
    /// <param name="given">User-supplied kernels: scenarios are run with them in place of the
    /// catalogue's.</param>
    /// <param name="images">User-supplied disks of systemd guests: scenarios are run with them in place
    /// of the catalogue's.</param>
    /// <param name="ownFiles">User-supplied files that every systemd guest is given.</param>
    /// <param name="named">Kernels that are known beside those of the catalogue, and take nobody's place.</param>
    /// <param name="chosen">Names of the catalogue, or of <paramref name="named"/> entries: scenarios are run with
    /// those kernels in place of the others.</param>
    /// <exception cref="UsageException">The kernel catalogue is wrong, or has a kernel of the same name as a
    /// user-supplied one.</exception>
    public Lab(
        LabPaths paths,
        TimeProvider time,
        IProgress<string>? progress = null,
        IReadOnlyList<Kernel>? given = null,
        NamedKernels? named = null,
        IReadOnlyList<GuestDisk>? images = null,
        IReadOnlyList<OwnFile>? ownFiles = null,
        IReadOnlyList<string>? chosen = null
    )
    {
        Paths = paths;
        _time = time;
        _progress = progress;
        Catalogue = KernelCatalogue
            .Load(Path.Combine(paths.Images, "kernels.yaml"))
            .WithFile(paths.OwnKernels)
            .With(named?.Entries ?? []);
        RootfsCatalogue = RootfsCatalogue.Load(Path.Combine(paths.Images, "rootfs.yaml"));
        Kernel[] own = [.. given ?? [], .. named?.UserSupplied ?? []];
        string[] brought = [.. own.Select(kernel => kernel.Name)];
        if (
            brought
                .Where((name, index) => Catalogue.Contains(name) || brought.AsSpan(0, index).Contains(name))
                .FirstOrDefault() is
            { } taken
        )
            throw new UsageException(
                $"--kernel: there is a kernel '{taken}' already; call yours something else: --kernel NAME=PATH"
            );
        if ((images ?? []).FirstOrDefault(image => RootfsCatalogue.Contains(image.Name)) is { } same)
            throw new UsageException(
                $"--image: there is a systemd guest '{same.Name}' already; call yours something else: --image NAME=PATH"
            );
        Features = Feature.Load(Path.Combine(paths.Scenarios, "features.yaml"));
        Vocabulary = new Vocabulary(
            [.. BackendCatalogue.All.Select(backend => backend.Name)],
            [.. CrashCatalogue.All.Select(crash => crash.Name)],
            [.. Catalogue.Names, .. brought]
        )
        {
            Machines = [.. MachineCatalogue.All.Select(machine => machine.Name)],
            Features = [.. Features.Select(feature => feature.Name)],
            SystemdGuests = [.. RootfsCatalogue.Names, .. (images ?? []).Select(disk => disk.Name)],
            SystemdVersions = Versions(RootfsCatalogue, images ?? []),
            KernelVersions = own.ToDictionary(kernel => kernel.Name, kernel => kernel.Release),
            SystemdInPlace = [.. (images ?? []).Select(disk => disk.Name)],
            InPlace = [.. (given ?? []).Select(kernel => kernel.Name), .. chosen ?? []],
            CataloguedInPlace = [.. chosen ?? []],
            Survived = [.. CrashCatalogue.All.Where(crash => crash.Survived).Select(crash => crash.Name)],
        };
        Scenarios = new ScenarioLoader(paths.Scenarios, Vocabulary, paths.OwnScenarios);
        Archive = new AptArchive(Runner, Path.Combine(paths.Cache, "apt"), Architecture);
        Kernels = new KernelStore(Runner, Archive, paths, Catalogue, BackendCatalogue.Modules, Architecture, progress);
        SystemdKernels = new KernelStore(
            Runner,
            Archive,
            paths,
            Catalogue,
            [.. BackendCatalogue.Modules.Union(SystemdModules.All)],
            Architecture,
            progress
        );
        Checkpoints = new CheckpointFolder(Path.Combine(paths.Cache, "checkpoints"));
        Rootfs = new RootfsStore(Runner, paths, RootfsCatalogue, Architecture, progress);
        Initramfs = new InitramfsBuilder(Runner, paths, Machine);
        Images = new CaseImages(
            new UserKernels(own, Kernels),
            new UserKernels(own, SystemdKernels),
            async (name, cancellation) =>
                await DiskAsync(images ?? [], name, cancellation) with
                {
                    OwnFiles = ownFiles ?? [],
                },
            Initramfs
        );
        foreach (var unknown in own.Where(kernel => kernel.Config is null))
            progress?.Report(
                $"{unknown.Name}: its configuration is not known, so whether it has what a backend needs is not checked"
            );
    }

    /// <summary>The machine whose kernels, disks and images are made here.</summary>
    public static IMachine Machine => MachineCatalogue.Default;

    public LabPaths Paths { get; }

    public IProcessRunner Runner { get; } = new ProcessRunner();

    public KernelCatalogue Catalogue { get; }

    public RootfsCatalogue RootfsCatalogue { get; }

    /// <summary>What pstore documents, in the order of the coverage table.</summary>
    public IReadOnlyList<Feature> Features { get; }

    public Vocabulary Vocabulary { get; }

    public ScenarioLoader Scenarios { get; }

    public IPackageArchive Archive { get; }

    public KernelStore Kernels { get; }

    /// <summary>
    /// The same kernels in the same place, with the modules of systemd guests as well. One that is here without them is
    /// fetched again when it is first asked for, and then serves all guests; who boots none with systemd never pays for
    /// it.
    /// </summary>
    public KernelStore SystemdKernels { get; }

    /// <summary>The disks of systemd guests.</summary>
    public RootfsStore Rootfs { get; }

    public CaseImages Images { get; }

    /// <summary>What initramfs guests are made of.</summary>
    public InitramfsBuilder Initramfs { get; }

    /// <summary>What stands for boots.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>Makes user-supplied kernels ready.</summary>
    public static KernelImport ImportInto(LabPaths paths) =>
        new(new ProcessRunner(), paths, [.. BackendCatalogue.Modules.Union(SystemdModules.All)], Architecture);

    /// <summary>The accelerator that is known to work here, if that was found out already.</summary>
    public Accelerator? RememberedAccelerator => Proof().Remembered();

    /// <summary>The accelerator to use: the one that was asked for, or else the one that boots a guest.</summary>
    /// <param name="wanted"><c>kvm</c>, <c>tcg</c>, or null to find out.</param>
    public async Task<Accelerator> AcceleratorAsync(string? wanted, CancellationToken cancellation)
    {
        var found =
            wanted is null || RememberedAccelerator is not null
                ? await Proof().FindAsync(await Images.ForAsync(Machine.ProofKernel, [], cancellation), cancellation)
                : null;
        return wanted is null
            ? found!
            : new Accelerator(wanted, "asked for by --accel", found?.BootSeconds ?? 0, found?.Scale ?? 1, "");
    }

    /// <summary>A runner whose guests share the machine.</summary>
    /// <param name="jobs">Guests at once; null for one per core.</param>
    /// <param name="boots">What may stand for boots.</param>
    /// <param name="watch">Receives what guests do; null for nobody.</param>
    public CaseRunner RunnerFor(
        RunFolder run,
        Accelerator accelerator,
        int? jobs,
        BootPolicy boots,
        IRunWatch? watch = null
    )
    {
        var slots = new GuestSlots(jobs ?? Environment.ProcessorCount, HostMemory.AvailableMiB);
        var checkpoints = new CheckpointStore(
            Runner,
            machine => machine.Qemu,
            new StateBudget(accelerator.Scale),
            _time,
            Checkpoints,
            _progress
        );
        return For(run, boots);

        CaseRunner For(RunFolder folder, BootPolicy policy) =>
            new(
                new CaseAttempt(
                    Runner,
                    machine => machine.Qemu,
                    Images,
                    slots,
                    accelerator,
                    policy.IsFresh ? null : checkpoints,
                    folder,
                    _time,
                    watch
                ),
                folder,
                _time,
                policy.CheckedShare > 0 ? new CheckpointCheck(policy.CheckedShare, folder, For, _progress) : null
            );
    }

    /// <summary>How long cases took before.</summary>
    public Durations Durations => Durations.Load(Path.Combine(Paths.Cache, "durations.json"));

    private static IArchitecture Architecture => Machine.Architecture;

    private Task<GuestDisk> DiskAsync(IReadOnlyList<GuestDisk> images, string name, CancellationToken cancellation) =>
        images.FirstOrDefault(image => image.Name == name) is { } own
            ? Task.FromResult(own)
            : Rootfs.EnsureAsync(name, cancellation);

    private static Dictionary<string, string> Versions(RootfsCatalogue catalogue, IEnumerable<GuestDisk> images) =>
        catalogue
            .Names.Select(name => (Name: name, catalogue[name].Version))
            .Concat(images.Select(image => (image.Name, Version: image.SystemdVersion)))
            .Where(guest => guest.Version is not null)
            .ToDictionary(guest => guest.Name, guest => guest.Version!);

    private AcceleratorProof Proof() => new(Runner, Machine, Machine.Qemu, Paths.Cache, _time);
}
