using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Images;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Plans;

/// <summary>Turns a case into a plan. One planner per case; it walks the steps once and remembers how the machine stands.</summary>
public sealed class Planner
{
    /// <summary>How long a healthy kernel may take to write what it has kept back, in seconds: pstore_blk looks twice a second.</summary>
    private const int LongestWrite = 20;

    private readonly Case _case;
    private readonly IBackend _backend;
    private readonly StoreAttachment _store;
    private readonly GuestImages _images;
    private readonly string _accelerator;
    private readonly Func<string> _nonce;

    private readonly List<PlanStep> _steps = [];
    private readonly List<PlannedKernel> _kernels = [];
    private readonly Dictionary<string, StagedFile> _files = [];
    private readonly Dictionary<string, string> _parameters;
    private readonly Dictionary<string, string> _disks = [];
    private string? _systemd;
    private ModuleLoading _modules = ModuleLoading.Early;
    private string? _mount;
    private KernelImage? _image;
    private string? _kernel;
    private IReadOnlyList<string>? _commandLine;
    private bool _exitsOnReset;
    private bool _dead;
    private int _boots;
    private int _crashes;
    private int _snapshots;
    private int _damages;
    private int _commands;
    private string _lastNonce = "";

    private Planner(Case @case, GuestImages images, string accelerator, Func<string> nonce)
    {
        _case = @case;
        _backend = BackendCatalogue.Get(@case.Backend);
        _store = StoreOf(@case);
        _images = images;
        _accelerator = accelerator;
        _nonce = nonce;
        _parameters = new Dictionary<string, string>(_store.Parameters);
        foreach (string size in UnwantedFrontends())
            _parameters[size] = "0";
        foreach (var (name, value) in @case.Parameters)
            _parameters[name] = value;
    }

    /// <param name="images">An image for every kernel of the case, and the disk of every systemd guest.</param>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    /// <param name="nonce">A fresh nonce at every call: lower-case letters and digits.</param>
    /// <param name="absenceOf">Why a compression cannot be undone on this machine; <see cref="RecordCompression.AbsenceOf"/> when left out.</param>
    /// <exception cref="UnsupportedException">A kernel lacks an option that the backend needs, or the host a file or a library.</exception>
    /// <exception cref="UsageException">The steps ask for something that cannot be.</exception>
    public static Plan Plan(
        Case @case, GuestImages images, string accelerator, Func<string> nonce, Func<CompressionMethod, string?>? absenceOf = null)
    {
        var plan = new Planner(@case, images, accelerator, nonce).Build();
        PstoreCompression.RequireLibraries(plan, absenceOf ?? RecordCompression.AbsenceOf);
        return plan;
    }

    /// <summary>Checks what can be known of a case before any image is there and any guest runs.</summary>
    /// <exception cref="UsageException">Its store cannot have the size it asks for.</exception>
    public static void Check(Case @case)
    {
        try
        {
            StoreOf(@case);
        }
        catch (UnsupportedException)
        {
            // No mistake of the scenario: a verdict of its own, when its turn comes.
        }
    }

    private static StoreAttachment StoreOf(Case @case)
    {
        try
        {
            return BackendCatalogue.Get(@case.Backend).Attach(@case.StoreSize);
        }
        catch (UsageException e)
        {
            throw new UsageException($"{@case.Source}: {e.Message}", e);
        }
    }

    /// <summary>The backend's modules that this kernel has as modules; the others are built in.</summary>
    public static IReadOnlyList<string> ModulesFor(IBackend backend, Kernel kernel) => [.. backend.Modules.Where(kernel.Modules.ContainsKey)];

    /// <summary>
    /// The sizes of what frontends keep in the store, where a kernel of the case has some: a scenario that does not ask for them means the same
    /// with every kernel, and writer and reader have to agree on the layout.
    /// </summary>
    private IEnumerable<string> UnwantedFrontends() =>
        _images.Kernels.Values.Any(image => _backend.Frontends.Keys.Any(option => image.Config?.IsEnabled(option) ?? true)) ? _backend.Frontends.Values : [];

    private Plan Build()
    {
        for (int i = 0; i < _case.Steps.Count; i++)
            Add(_case.Steps[i], WarmRestartAhead(i));
        foreach (var file in _store.Firmware)
            _files[file.Name] = new StagedFile(file.Name, file.Source);
        return new Plan(
            _case.Id, _case.Summary, _case.Dimensions, _backend.Name, _accelerator, _store.MemoryMiB, _kernels, [.. _files.Values], _store.Store, _steps,
            [.. _case.Known.Select(known => new PlannedKnownBug(known.Bug, Inspection(known.Instead)))]);
    }

    /// <summary>Whether the QEMU process that step <paramref name="index"/> starts has a warm restart before the next cold one.</summary>
    private bool WarmRestartAhead(int index) =>
        _case.Steps.Skip(index + 1).OfType<RestartStep>().FirstOrDefault() is { Kind: RestartKind.Warm };

    private void Add(Step step, bool warmRestartAhead)
    {
        switch (step)
        {
            case BootStep boot:
                Change(boot.Options, boot.Source);
                PowerOn(boot.Kernel, boot.Options, warmRestartAhead);
                break;
            case CrashStep crash:
                AddCrash(crash);
                break;
            case PowerCutStep cut:
                AddPowerCut(cut);
                break;
            case RestartStep restart:
                AddRestart(restart, warmRestartAhead);
                break;
            case DamageStep damage:
                AddDamage(damage);
                break;
            case EraseStep erase:
                _steps.Add(new Ask($"erase {erase.Name}"));
                break;
            case RunStep run:
                _steps.Add(new RunInGuest(++_commands, run.Command, run.Exit, run.Source.ToString()));
                break;
            case ExpectStep expect:
                _steps.Add(Inspection(expect.Expectation) with { Number = ++_snapshots });
                break;
            default:
                throw new UsageException($"{step.Source}: no plan for a step of kind {step.GetType().Name}");
        }
    }

    private void Change(BootOptions options, SourceLocation source)
    {
        foreach (var (name, value) in options.Parameters)
            _parameters[name] = value;
        _mount = options.Mount ?? _mount;
        _image = options.Image ?? _image;
        _systemd = options.Systemd is null ? _systemd : options.Systemd == BootOptions.NoSystemd ? null : options.Systemd;
        _modules = options.Modules ?? _modules;
        if (_backend.Objection(_store.Store, _parameters) is { } objection)
            throw new UsageException($"{source}: {objection}");
    }

    private void PowerOn(string kernel, BootOptions options, bool warmRestartAhead)
    {
        var image = ImageOf(kernel);
        var (path, name) = KernelFile(image);
        var routing = Route(image);
        _kernel = kernel;
        _exitsOnReset = !warmRestartAhead;
        _commandLine = routing.KernelArguments;
        Stage(name, path);
        _boots++;
        var systemd = _systemd is null ? null : Systemd(_systemd, image.Kernel, options.Files);
        string initramfs = systemd is null ? $"{kernel}.initramfs" : $"{kernel}.systemd.initramfs";
        Stage(initramfs, systemd is null ? image.Initramfs : image.SystemdInitramfs!);
        var machine = MachineArguments.Build(_accelerator, _store, systemd, name, initramfs, [.. systemd is null ? [] : _images.Disks[systemd.Name].KernelArguments, .. routing.KernelArguments], _exitsOnReset);
        _steps.Add(new PowerOn(_boots, kernel, machine, _exitsOnReset, new Dictionary<string, string>(_parameters), systemd));
        MakeReady(routing);
    }

    /// <summary>The guest of this boot, over what its boots before have left on its disk.</summary>
    private PlannedSystemd Systemd(string name, Kernel kernel, IReadOnlyDictionary<string, string> files)
    {
        var disk = _images.Disks[name];
        string format = Enum.GetName(disk.Format)!.ToLowerInvariant();
        string staged = $"{name}.{format}";
        Stage(staged, disk.Path);
        bool isNew = !_disks.TryGetValue(name, out string? under);
        string own = _disks[name] = $"boot-{_boots}/disk.qcow2";
        string[] early = _modules == ModuleLoading.Early ? [.. ModulesFor(_backend, kernel)] : [];
        var seed = new Dictionary<string, string>(files) { [SystemdDevices.EarlyModules] = string.Concat(early.Select(module => module + "\n")) };
        return new PlannedSystemd(name, disk.SystemdVersion, own, isNew ? staged : under!, isNew ? format : "qcow2", $"boot-{_boots}/seed.tar", seed);
    }

    private void ComeUpAgain(SourceLocation source)
    {
        var routing = Route(ImageOf(_kernel!));
        if (!routing.KernelArguments.SequenceEqual(_commandLine!))
            throw new UsageException($"{source}: a warm restart keeps the kernel's command line ({string.Join(' ', _commandLine!)}); change it with `restart: cold`");
        _steps.Add(new ComeUpAgain(++_boots, _kernel!, new Dictionary<string, string>(_parameters)));
        MakeReady(routing);
    }

    private void MakeReady(ParameterRouting routing)
    {
        _dead = false;
        _steps.AddRange(routing.Loads.Select(load => new Ask(load)));
        // A systemd guest has mounted it by itself, with no options of ours.
        _steps.Add(new Mount(_systemd is null ? _mount : null));
    }

    private ParameterRouting Route(BootImage image) =>
        // What loads modules in a systemd guest reads their parameters off the kernel's command line by itself.
        ParameterRouting.Of(_parameters, _systemd is null ? ModuleOrder.Of(image.Kernel, ModulesFor(_backend, image.Kernel)) : []);

    private BootImage ImageOf(string kernel)
    {
        var image = _images.Kernels[kernel];
        if (image.Config is { } config)
        {
            Require(image.Kernel, config);
            if (_systemd is not null && SystemdModules.RequiredOptions.FirstOrDefault(option => !config.IsEnabled(option)) is { } lack)
                throw new UnsupportedException($"{kernel} ({image.Kernel.Release}) was built without {lack}, which a systemd guest needs");
        }

        if (_kernels.All(known => known.Name != kernel))
            _kernels.Add(new PlannedKernel(kernel, image.Kernel.Version, image.Kernel.Release, CompressorsOf(image)));
        return image;
    }

    private static PlannedCompressors? CompressorsOf(BootImage image) =>
        image.Config is null ? null : PstoreCompression.BuiltInto(image.Config, KernelVersion.Parse(image.Kernel.Release).MajorMinor);

    private void Require(Kernel kernel, KernelConfig config)
    {
        foreach (string option in _backend.RequiredOptions)
        {
            if (!config.IsEnabled(option))
                throw new UnsupportedException($"{kernel.Name} ({kernel.Release}) was built without {option}, which the {_backend.Name} backend needs");
            // Of the catalogue's kernels the modules are at hand; of one that was brought along as a bare image they are not.
            if (config.Get(option) == "m" && kernel.Modules.Count == 0)
                throw new UnsupportedException($"{kernel.Name} ({kernel.Release}) has {option}, which the {_backend.Name} backend needs, as a module, and its modules are not there; name their folder with --modules");
        }
    }

    private (string Path, string Name) KernelFile(BootImage image)
    {
        var wanted = _image ?? _backend.Images[0];
        if (!_backend.Images.Contains(wanted))
            throw new UsageException($"{_case.Source}: the {_backend.Name} backend cannot boot the {EnumNames.Of(wanted)} image; it boots {string.Join(" or ", _backend.Images.Select(image => EnumNames.Of(image)))}");
        return wanted == KernelImage.Vmlinux
            ? (image.Kernel.Vmlinux, $"{image.Kernel.Name}.vmlinux")
            : (image.Kernel.BzImage, $"{image.Kernel.Name}.bzImage");
    }

    private void Stage(string name, string source) => _files.TryAdd(name, new StagedFile(name, source));

    private void AddCrash(CrashStep step)
    {
        var way = CrashCatalogue.Get(step.Way);
        AddMark(step.Markers);
        if (way.Request is null || way.Sign is null)
            return;
        if (way.LackOf(_images.Kernels[_kernel!].Kernel) is { } lack)
            throw new UnsupportedException($"{_kernel} has no {lack}, which the crash '{way.Name}' needs");
        if (step.At is { } moment)
            _steps.Add(new Ask($"await-second {moment.Second} {moment.Of}"));
        if (way.Survived)
        {
            _steps.Add(new Oops(_crashes, way.Name, way.Request, way.Sign));
            if (_backend.WritesLater)
                _steps.Add(new AwaitStore(_crashes, _lastNonce, LongestWrite));
            return;
        }

        _steps.Add(new Crash(_crashes, way.Name, way.Request, way.Sign));
        _dead = true;
    }

    private void AddPowerCut(PowerCutStep step)
    {
        AddMark(step.Markers);
        _steps.Add(new CutPower(_crashes, CrashCatalogue.Get(step.During).Request, step.After));
        _dead = true;
    }

    private void AddMark(int count) => _steps.Add(new Mark(++_crashes, _lastNonce = _nonce(), count));

    private void AddDamage(DamageStep step)
    {
        if (step.Damage is Recompress recompress && RecordCompression.AbsenceOf(recompress.Method) is { } absence)
            throw new UnsupportedException(absence);
        EndHealthyGuest();
        _dead = true;
        _steps.Add(new DamageStore(++_damages, step.Damage));
    }

    private void AddRestart(RestartStep restart, bool warmRestartAhead)
    {
        if (restart.Kind == RestartKind.Cold)
        {
            EndHealthyGuest();
            Change(restart.Options, restart.Source);
            PowerOn(restart.Kernel ?? _kernel!, restart.Options, warmRestartAhead);
        }
        else
        {
            Change(restart.Options, restart.Source);
            if (_steps.FindLast(step => step is not DamageStore) is CutPower)
                throw new UsageException($"{restart.Source}: after a power cut there is no machine left to come up warm; use `restart: cold`");
            if (!_dead)
                _steps.Add(new Reboot());
            ComeUpAgain(restart.Source);
        }
    }

    // A guest with a disk has something to lose.
    private void EndHealthyGuest()
    {
        if (!_dead)
            _steps.Add(new PowerOff(_systemd is null ? null : "poweroff"));
    }

    private Inspect Inspection(Expectation expectation) => new(
        Number: 0,
        _boots,
        Records(expectation.Records),
        expectation.Console,
        expectation.ConsoleWithout,
        expectation.Source.ToString())
    {
        Archive = expectation.Archive is null
            ? null
            : [.. expectation.Archive.Select(archived => new ExpectedArchive(
                archived.Type, archived.Reason, CrashOf(archived.Crash, archived.Source), archived.Form, archived.Path, archived.Content, archived.Source.ToString()))],
        Journal = Records(expectation.Journal),
        Archiver = expectation.Archiver,
    };

    private IReadOnlyList<ExpectedRecord>? Records(IReadOnlyList<RecordExpectation>? records) =>
        records is null
            ? null
            : [.. records.Select(record => new ExpectedRecord(
                record.Type, record.Reason, CrashOf(record.Crash, record.Source), record.Name, record.Content, record.Ecc, record.Source.ToString()))];

    private int CrashOf(int? given, SourceLocation source) =>
        (given ?? _crashes) is var crash && crash >= 1 && crash <= _crashes
            ? crash
            : throw new UsageException($"{source}: crash {crash} does not exist here; {_crashes} came before");
}
