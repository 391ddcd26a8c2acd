using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Plans;

/// <summary>Plans the boots of a case, each up to where its guest is ready for the next step of the scenario.</summary>
/// <param name="images">An image for every kernel of the case, and the disk of every systemd guest.</param>
/// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="before">The boots before it.</param>
/// <param name="freshBoots">Whether no checkpoint may stand for a boot.</param>
internal sealed class BootPlanner(
    GuestImages images,
    MachineStores stores,
    string accelerator,
    PlannedBoots before,
    bool freshBoots
)
{
    private readonly OrderedDictionary<string, StagedFile> _files = [];

    /// <summary>What must lie in the case folder for the boots that were planned.</summary>
    public IReadOnlyList<StagedFile> Files => [.. _files.Values];

    /// <summary>A machine that is powered on.</summary>
    /// <param name="files">Absolute path to content of what is written to a systemd guest's disk first.</param>
    /// <param name="isInspected">Whether an expectation is of what this boot itself does, before any crash.</param>
    /// <param name="onlyReads">Whether no record can be written before the power goes.</param>
    /// <exception cref="UnsupportedException">The kernel lacks something.</exception>
    /// <exception cref="UsageException">The image cannot be had.</exception>
    public PlannedBoot PowerOn(
        BootSettings settings,
        IReadOnlyDictionary<string, string> files,
        bool exitsOnReset,
        bool isInspected,
        bool onlyReads
    )
    {
        var image = ImageFor(settings);
        string kernel = StageKernel(image.Kernel, stores.ImageFor(settings.Image));
        var routing = Route(settings, image);
        var systemd = settings.Systemd is null
            ? null
            : GuestOf(images.Disks[settings.Systemd], EarlyModules(settings, image), files);
        string initramfs = StageInitramfs(settings, image);
        IEnumerable<string> arguments =
        [
            .. systemd is null ? [] : images.Disks[systemd.Name].KernelArguments,
            .. routing.KernelArguments,
        ];
        var machine = MachineArguments.Build(
            stores.Machine,
            accelerator,
            stores.Attached,
            systemd,
            kernel,
            initramfs,
            arguments,
            exitsOnReset,
            settings.Cpus
        );
        return Boot(
            settings,
            routing,
            new PowerOn(stores.Machine.QemuProgram, machine, exitsOnReset, systemd)
            {
                Start = StartOf(settings, image, isInspected, onlyReads),
                FindsGivenStore = stores.Store.Given is not null,
            }
        );
    }

    /// <summary>A warm boot: the machine after a reset.</summary>
    /// <param name="last">How it stood at the boot before.</param>
    /// <param name="source">Where that is asked for.</param>
    /// <exception cref="UnsupportedException">The kernel lacks something.</exception>
    /// <exception cref="UsageException">It would take another command line.</exception>
    public PlannedBoot WarmBoot(BootSettings settings, BootSettings last, SourceLocation source)
    {
        var image = ImageFor(settings);
        var routing = Route(settings, image);
        var commandLine = Route(last, image).KernelArguments;
        if (!routing.KernelArguments.SequenceEqual(commandLine))
            throw new UsageException(
                $"{source}: a warm restart keeps the kernel's command line "
                    + $"({string.Join(' ', commandLine)}); change it with `restart: cold`"
            );
        return Boot(settings, routing, new WarmBoot());
    }

    /// <summary>
    /// A checkpoint stands for a boot that has not seen the store yet, or that sees the empty one that the checkpoint
    /// was made with. Firmware that has read the empty one may be given another one to read, not to write to: it
    /// remembers where the variables ended. Systemd has mounted pstore and run its archiver before anybody can log in.
    /// Two boots by one checkpoint have the same log up to it, to the last digit of its times: where dumps have several
    /// parts, some of two crashes would be the same bytes, and nobody could say whose a part in an archive is.
    /// </summary>
    private PlannedStart StartOf(BootSettings settings, BootImage image, bool isInspected, bool onlyReads) =>
        freshBoots ? PlannedStart.Fresh("all boots are to be fresh")
        : before.All.Count == 0 && stores.Store.Given is null
            ? settings.Systemd is not null && isInspected
                    ? PlannedStart.Fresh("what systemd does at this boot is inspected")
                : new PlannedStart(stores.Attached.Memory, "the store is empty")
        : settings.Systemd is not null ? PlannedStart.Fresh("systemd mounts the store at boot")
        : stores.Present.FirstOrDefault(backend =>
            backend.IsUsedAtBoot(image.Kernel.Modules.Keys, settings.AllParameters)
        )
            is { } user
            ? PlannedStart.Fresh($"the store of {user.Name} is in use at boot")
        : !stores.Present.Any(backend => backend.IsCopiedByFirmware)
            ? !onlyReads && stores.Judged.KeepsAllParts && before.HasRestored(settings.Kernel)
                    ? PlannedStart.Fresh(
                        "another boot of this case has the checkpoint's log, and dumps have parts of it"
                    )
                : new PlannedStart(stores.Attached.Memory, "nothing has used the store yet")
        : onlyReads
            ? new PlannedStart(stores.Attached.Memory, "its firmware is given the variables") { TakesVariables = true }
        : PlannedStart.Fresh("firmware is to write behind what it has read at boot");

    private BootImage ImageFor(BootSettings settings)
    {
        var image = images.Kernels[settings.Kernel];
        KernelNeeds.RequireToBoot(image, settings, stores.Present);
        return image;
    }

    private ParameterRouting Route(BootSettings settings, BootImage image) =>
        // What loads modules in a systemd guest reads their parameters off the kernel's command line by itself.
        ParameterRouting.Of(
            stores.KernelParameters(settings.AllParameters),
            settings.Systemd is null ? ModuleOrder.Of(image.Kernel, stores.ModulesOf(image.Kernel)) : []
        );

    private PlannedBoot Boot(BootSettings settings, ParameterRouting routing, PlanStep start) =>
        new(
            before.Next,
            settings.Kernel,
            settings.AllParameters,
            settings.Cpus,
            [
                start,
                // A systemd guest has mounted it by itself, with no options of ours.
                new NoteBackend(BringUp(routing.Loads, settings.Systemd is null ? settings.Mount : null)),
                .. settings.LoadsCaptureKernel ? (PlanStep[])[new Ask(new AgentRequest.LoadCaptureKernel())] : [],
            ]
        );

    private static AgentRequest BringUp(IReadOnlyList<AgentRequest.Load> loads, string? options) =>
        loads.Count == 0 ? new AgentRequest.Mount(options) : new AgentRequest.BringUp(loads, options);

    private IReadOnlyList<string> EarlyModules(BootSettings settings, BootImage image) =>
        settings.Modules == ModuleLoading.Early ? stores.ModulesOf(image.Kernel) : [];

    /// <summary>The guest of this boot, over what its boots before have left on its disk.</summary>
    private PlannedSystemd GuestOf(
        GuestDisk disk,
        IReadOnlyList<string> early,
        IReadOnlyDictionary<string, string> files
    )
    {
        string format = Enum.GetName(disk.Format)!.ToLowerInvariant();
        string staged = Stage($"{disk.Name}.{format}", disk.Path);
        var (under, underFormat) = before.DiskOf(disk.Name) is { } left ? (left, "qcow2") : (staged, format);
        var seed = new Dictionary<string, string>(files)
        {
            [SystemdDevices.EarlyModules] = string.Concat(early.Select(module => module + "\n")),
        };
        return new PlannedSystemd(
            disk.Name,
            disk.SystemdVersion,
            $"boot-{before.Next}/disk.qcow2",
            under,
            underFormat,
            $"boot-{before.Next}/seed.tar",
            seed
        )
        {
            OwnFiles = disk.OwnFiles.Count == 0 ? null : [.. disk.OwnFiles.Select(Planned)],
        };
    }

    private PlannedOwnFile Planned(OwnFile file) =>
        new(
            file.Path,
            // Alike files have one name.
            Stage($"own-{file.Sha256[..16]}", file.Source),
            file.Sha256,
            Convert.ToString((int)file.Mode, 8).PadLeft(4, '0')
        );

    private string StageKernel(Kernel kernel, KernelImage image) =>
        Stage($"{kernel.Name}.{EnumNames.Of(image)}", kernel.PathOf(image));

    private string StageInitramfs(BootSettings settings, BootImage image) =>
        settings.Systemd is not null ? Stage($"{settings.Kernel}.systemd.initramfs", image.SystemdInitramfs!)
        : settings.LoadsCaptureKernel ? Stage($"{settings.Kernel}.crash.initramfs", image.CrashInitramfs!)
        : Stage($"{settings.Kernel}.initramfs", image.Initramfs);

    private string Stage(string name, string source)
    {
        _files.TryAdd(name, new StagedFile(name, source));
        return name;
    }
}
