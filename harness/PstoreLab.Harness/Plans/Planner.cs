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
    private readonly IReadOnlyList<IBackend> _present;
    private readonly IReadOnlyDictionary<IBackend, StoreAttachment> _stores;
    private readonly StoreAttachment _machine;
    private readonly GuestImages _images;
    private readonly string _accelerator;
    private readonly Func<string> _nonce;

    private readonly List<PlanStep> _steps = [];
    private readonly List<PlannedKernel> _kernels = [];
    private readonly Dictionary<string, StagedFile> _files = [];
    private readonly Dictionary<string, string> _parameters;
    private readonly Dictionary<string, string> _disks = [];
    private readonly List<string> _writers = [];
    private IReadOnlyDictionary<string, string> _ofCrashes = new Dictionary<string, string>();
    private int _cpus = 1;
    private string? _systemd;
    private ModuleLoading _modules = ModuleLoading.Early;
    private CrashKernel _crashKernel;
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
        _present = [.. @case.Present.Select(BackendCatalogue.Get)];
        _stores = StoresOf(@case);
        _machine = _stores.Values.Aggregate((machine, other) => machine.Beside(other));
        _images = images;
        _accelerator = accelerator;
        _nonce = nonce;
        _parameters = new Dictionary<string, string>(_machine.Parameters);
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
            _ = StoresOf(@case).Values.Aggregate((machine, other) => machine.Beside(other));
        }
        catch (UnsupportedException)
        {
            // No mistake of the scenario: a verdict of its own, when its turn comes.
        }
    }

    /// <summary>The stores of all its backends, first that of the one that is judged.</summary>
    private static OrderedDictionary<IBackend, StoreAttachment> StoresOf(Case @case)
    {
        try
        {
            var judged = BackendCatalogue.Get(@case.Backend);
            var stores = new OrderedDictionary<IBackend, StoreAttachment> { [judged] = judged.Attach(@case.StoreSize) };
            foreach (var other in @case.Present.Select(BackendCatalogue.Get).Where(backend => backend != judged))
                stores[other] = other.Attach(null, StoreTemplate.FileNameBeside(other.Name));
            return stores;
        }
        catch (UsageException e)
        {
            throw new UsageException($"{@case.Source}: {e.Message}", e);
        }
    }

    /// <summary>The backends' modules that this kernel has as modules; the others are built in.</summary>
    private IReadOnlyList<string> ModulesFor(Kernel kernel) => [.. _present.SelectMany(backend => backend.Modules).Distinct().Where(kernel.Modules.ContainsKey)];

    /// <summary>
    /// The sizes of what frontends keep in the store, where a kernel of the case has some: a scenario that does not ask for them means the same
    /// with every kernel, and writer and reader have to agree on the layout.
    /// </summary>
    private IEnumerable<string> UnwantedFrontends() =>
        from backend in _present
        where _images.Kernels.Values.Any(image => backend.Frontends.Any(frontend => image.Config?.IsEnabled(frontend.Option) ?? true))
        from frontend in backend.Frontends
        select frontend.Size;

    private Plan Build()
    {
        for (int i = 0; i < _case.Steps.Count; i++)
            Add(_case.Steps[i], [.. _case.Steps.Skip(i + 1).TakeWhile(step => step is not RestartStep { Kind: RestartKind.Cold })]);
        foreach (var file in _machine.Firmware)
            _files[file.Name] = new StagedFile(file.Name, file.Source);
        return new Plan(
            _case.Id, _case.Summary, _case.Dimensions, _backend.Name, _accelerator, _machine.Memory.MiB, _kernels, [.. _files.Values], _stores[_backend].Store, _steps,
            [.. _case.Known.Select(known => new PlannedKnownBug(known.Bug, Inspection(known.Instead)))])
        {
            Others = [.. from store in _stores where store.Key != _backend select new OtherStore(store.Key.Name, StoreTemplate.FileNameBeside(store.Key.Name), store.Value.Store)],
        };
    }

    /// <param name="ahead">The steps behind it that the same QEMU process is for.</param>
    private void Add(Step step, IReadOnlyList<Step> ahead)
    {
        switch (step)
        {
            case BootStep boot:
                Change(boot.Options, boot.Source);
                PowerOn(boot.Kernel, boot.Options, ahead);
                break;
            case CrashStep crash:
                AddCrash(crash);
                break;
            case PowerCutStep cut:
                AddPowerCut(cut);
                break;
            case RestartStep restart:
                AddRestart(restart, ahead);
                break;
            case DamageStep damage:
                AddDamage(damage);
                break;
            case EraseStep erase:
                _steps.Add(new Ask($"erase {erase.Name}"));
                break;
            case RunStep run:
                _steps.Add(new RunInGuest(++_commands, run.Command, run.Exit, run.Source.ToString()));
                // A systemd guest tells at each inspection.
                if (_systemd is null)
                    _steps.Add(new NoteBackend());
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
        _cpus = options.Cpus ?? _cpus;
        _image = options.Image ?? _image;
        _systemd = options.Systemd is null ? _systemd : options.Systemd == BootOptions.NoSystemd ? null : options.Systemd;
        _modules = options.Modules ?? _modules;
        _crashKernel = options.CrashKernel ?? _crashKernel;
        if (options.CrashKernel == CrashKernel.None)
            _parameters.Remove(CrashKernelNeeds.Parameter);
        else if (options.CrashKernel is not null)
            _parameters.TryAdd(CrashKernelNeeds.Parameter, CrashKernelNeeds.Memory);
        foreach (var (backend, store) in _stores)
        {
            if (backend.Objection(store.Store, _parameters) is { } objection)
                throw new UsageException($"{source}: {objection}");
        }
    }

    private void PowerOn(string kernel, BootOptions options, IReadOnlyList<Step> ahead)
    {
        _ofCrashes = ParametersOf(ahead);
        var image = ImageOf(kernel);
        var (path, name) = KernelFile(image);
        var routing = Route(image);
        _kernel = kernel;
        _exitsOnReset = !ahead.OfType<RestartStep>().Any();
        _commandLine = routing.KernelArguments;
        Stage(name, path);
        _boots++;
        var systemd = _systemd is null ? null : Systemd(_systemd, image.Kernel, options.Files);
        var (initramfs, from) = systemd is not null ? ($"{kernel}.systemd.initramfs", image.SystemdInitramfs!)
            : LoadsCrashKernel ? ($"{kernel}.crash.initramfs", image.CrashInitramfs!)
            : ($"{kernel}.initramfs", image.Initramfs);
        Stage(initramfs, from);
        var machine = MachineArguments.Build(_accelerator, _machine, systemd, name, initramfs, [.. systemd is null ? [] : _images.Disks[systemd.Name].KernelArguments, .. routing.KernelArguments], _exitsOnReset, _cpus);
        _steps.Add(new PowerOn(_boots, kernel, machine, _exitsOnReset, Effective(), systemd, _cpus));
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
        string[] early = _modules == ModuleLoading.Early ? [.. ModulesFor(kernel)] : [];
        var seed = new Dictionary<string, string>(files) { [SystemdDevices.EarlyModules] = string.Concat(early.Select(module => module + "\n")) };
        return new PlannedSystemd(name, disk.SystemdVersion, own, isNew ? staged : under!, isNew ? format : "qcow2", $"boot-{_boots}/seed.tar", seed);
    }

    private void ComeUpAgain(SourceLocation source)
    {
        var routing = Route(ImageOf(_kernel!));
        if (!routing.KernelArguments.SequenceEqual(_commandLine!))
            throw new UsageException($"{source}: a warm restart keeps the kernel's command line ({string.Join(' ', _commandLine!)}); change it with `restart: cold`");
        _steps.Add(new ComeUpAgain(++_boots, _kernel!, Effective(), _cpus));
        MakeReady(routing);
    }

    private void MakeReady(ParameterRouting routing)
    {
        _dead = false;
        _steps.AddRange(routing.Loads.Select(load => new Ask(load)));
        // A systemd guest has mounted it by itself, with no options of ours.
        _steps.Add(new Mount(_systemd is null ? _mount : null));
        if (LoadsCrashKernel)
            _steps.Add(new Ask("load-crash-kernel"));
    }

    private bool LoadsCrashKernel => _crashKernel is CrashKernel.Loaded or CrashKernel.Panics;

    private ParameterRouting Route(BootImage image) =>
        // What loads modules in a systemd guest reads their parameters off the kernel's command line by itself.
        ParameterRouting.Of(_present.Aggregate<IBackend, IReadOnlyDictionary<string, string>>(Effective(), (parameters, backend) => backend.Handed(parameters)), _systemd is null ? ModuleOrder.Of(image.Kernel, ModulesFor(image.Kernel)) : []);

    /// <summary>What crashes need to come to what they should, at the boot before them and no other.</summary>
    private static IReadOnlyDictionary<string, string> ParametersOf(IReadOnlyList<Step> ahead)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var step in ahead)
        {
            var (name, survived) = step switch { CrashStep crash => (crash.Way, crash.Survived), PowerCutStep cut => (cut.During, true), _ => (null, false) };
            if (name is null)
                continue;
            var way = CrashCatalogue.Get(name);
            foreach (var (parameter, value) in way.Parameters)
                parameters[parameter] = value;
            if (way.Survived && !survived)
                parameters[CrashCatalogue.FatalOops.Key] = CrashCatalogue.FatalOops.Value;
        }

        return parameters;
    }

    private Dictionary<string, string> Effective()
    {
        var all = new Dictionary<string, string>(_parameters);
        foreach (var (name, value) in _ofCrashes)
            all.TryAdd(name, value);
        return all;
    }

    private BootImage ImageOf(string kernel)
    {
        var image = _images.Kernels[kernel];
        if (image.Config is { } config)
        {
            Require(image.Kernel, config);
            var needs = LoadsCrashKernel ? CrashKernelNeeds.ToLoad : _crashKernel == CrashKernel.Reserved ? CrashKernelNeeds.ToReserve : [];
            if (needs.FirstOrDefault(option => !config.IsEnabled(option)) is { } need)
                throw new UnsupportedException($"{kernel} ({image.Kernel.Release}) was built without {need}, which a crash kernel needs");
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
        foreach (var (backend, option) in _present.SelectMany(backend => backend.RequiredOptions.Select(option => (backend, option))))
        {
            if (!config.IsEnabled(option))
                throw new UnsupportedException($"{kernel.Name} ({kernel.Release}) was built without {option}, which the {backend.Name} backend needs");
            // Of the catalogue's kernels the modules are at hand; of one that was brought along as a bare image they are not.
            if (config.Get(option) == "m" && kernel.Modules.Count == 0)
                throw new UnsupportedException($"{kernel.Name} ({kernel.Release}) has {option}, which the {backend.Name} backend needs, as a module, and its modules are not there; name their folder with --modules");
        }
    }

    private (string Path, string Name) KernelFile(BootImage image)
    {
        KernelImage[] images = [.. _present.Select(backend => backend.Images).Aggregate((some, others) => [.. some.Intersect(others)])];
        var wanted = _image ?? images[0];
        if (!images.Contains(wanted))
            throw new UsageException($"{_case.Source}: the {string.Join(" and ", _case.Present)} {(_present.Count == 1 ? "backend" : "backends")} cannot boot the {EnumNames.Of(wanted)} image; it boots {string.Join(" or ", images.Select(image => EnumNames.Of(image)))}");
        return wanted == KernelImage.Vmlinux
            ? (image.Kernel.Vmlinux, $"{image.Kernel.Name}.vmlinux")
            : (image.Kernel.BzImage, $"{image.Kernel.Name}.bzImage");
    }

    private void Stage(string name, string source) => _files.TryAdd(name, new StagedFile(name, source));

    private void AddCrash(CrashStep step)
    {
        var way = CrashCatalogue.Get(step.Way);
        AddMark(step.Markers);
        if (way.Request is null || CrashCatalogue.SignOf(way, step.Survived) is not { } sign)
            return;
        Require(way);
        if (step.Processor is not null && way.Cause != CrashCause.Agent)
            throw new UsageException($"{step.Source}: the crash '{way.Name}' comes from the machine, which takes no cpu for it; leave 'cpu' out");
        if (step.At is { } moment)
            _steps.Add(new Ask($"await-second {moment.Second} {moment.Of}"));
        string request = step.Processor is null ? way.Request : $"on {step.Processor} {way.Request}";
        if (step.Survived)
        {
            _steps.Add(new Oops(_crashes, way.Name, request, sign));
            if (_backend.WritesLater)
                _steps.Add(new AwaitStore(_crashes, _lastNonce, LongestWrite));
            return;
        }

        bool takenOver = LoadsCrashKernel && sign == CrashCatalogue.Panic;
        _steps.Add(new Crash(_crashes, way.Name, request, sign) { Cause = way.Cause, End = way.End, NewestLine = way.NewestLine, TakenOver = takenOver });
        if (takenOver && _crashKernel == CrashKernel.Loaded)
            _steps.Add(new KeepVmcore(_boots));
        else if (takenOver)
            AddCrashOfCrashKernel(step.Markers);
        _dead = true;
    }

    // Its own nonce tells what it may write from what the kernel before it wrote.
    private void AddCrashOfCrashKernel(int markers)
    {
        var way = new SysrqCrash();
        AddMark(markers);
        _steps.Add(new Crash(_crashes, way.Name, way.Request, way.Sign));
    }

    private void Require(ICrash way)
    {
        var image = _images.Kernels[_kernel!];
        if (way.LackOf(image.Kernel) is { } lack)
            throw new UnsupportedException($"{_kernel} has no {lack}, which the crash '{way.Name}' needs");
        if (way.RequiredOptions.FirstOrDefault(option => image.Config?.IsEnabled(option) == false) is { } missing)
            throw new UnsupportedException($"{_kernel} ({image.Kernel.Release}) was built without {missing}, which the crash '{way.Name}' needs");
    }

    private void AddPowerCut(PowerCutStep step)
    {
        var way = CrashCatalogue.Get(step.During);
        Require(way);
        if (way.Cause != CrashCause.Agent)
            throw new UsageException($"{step.Source}: a power cut during '{way.Name}' is not known here; expected a crash that the guest sets off");
        AddMark(step.Markers);
        _steps.Add(step.Seed is { } seed
            ? new CutPower(_crashes, way.Request, way.Sign, CutPoint.Draw(seed, _crashes))
            : new CutPower(_crashes, way.Request, step.After));
        _dead = true;
    }

    private void AddMark(int count)
    {
        _steps.Add(new Mark(++_crashes, _lastNonce = _nonce(), count));
        _writers.Add(_kernel!);
    }

    private void AddDamage(DamageStep step)
    {
        if (step.Damage is Recompress recompress && RecordCompression.AbsenceOf(recompress.Method) is { } absence)
            throw new UnsupportedException(absence);
        EndHealthyGuest();
        _dead = true;
        _steps.Add(new DamageStore(++_damages, step.Damage));
    }

    private void AddRestart(RestartStep restart, IReadOnlyList<Step> ahead)
    {
        if (restart.Kind == RestartKind.Cold)
        {
            EndHealthyGuest();
            Change(restart.Options, restart.Source);
            PowerOn(restart.Kernel ?? _kernel!, restart.Options, ahead);
        }
        else
        {
            Change(restart.Options, restart.Source);
            if (_steps.FindLast(step => step is not DamageStore) is CutPower or Crash { End: not CrashEnd.Reset })
                throw new UsageException($"{restart.Source}: there is no machine left to come up warm; use `restart: cold`");
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
        Vmcore = expectation.Vmcore is { } vmcore ? new ExpectedVmcore(vmcore, DumpedCrash) : null,
        Journal = Records(expectation.Journal),
        Archiver = expectation.Archiver,
        Registered = expectation.Registered,
    };

    private IReadOnlyList<ExpectedRecord>? Records(IReadOnlyList<RecordExpectation>? records) =>
        records is null
            ? null
            : [.. records.Select(Record)];

    private ExpectedRecord Record(RecordExpectation record)
    {
        int crash = CrashOf(record.Crash, record.Source);
        RequireFrontend(record.Type, _writers[crash - 1]);
        return new ExpectedRecord(record.Type, record.Reason, crash, record.Name, record.Content, record.Ecc, record.Source.ToString()) { Holds = record.Holds, Parts = record.Parts };
    }

    /// <summary>Whoever reads a record needs nothing for that but the backend; the kernel that was to write it needs the frontend.</summary>
    private void RequireFrontend(string type, string writer)
    {
        var image = _images.Kernels[writer];
        if (_backend.Frontends.FirstOrDefault(frontend => frontend.Type == type) is { } needed && image.Config?.IsEnabled(needed.Option) == false)
            throw new UnsupportedException($"{writer} ({image.Kernel.Release}) was built without {needed.Option}, without which it writes no {type} record");
    }

    // That of a crash kernel is no crash that another one could look at.
    private int DumpedCrash => _steps.OfType<Crash>().LastOrDefault(crash => crash.TakenOver)?.Number ?? _crashes;

    private int CrashOf(int? given, SourceLocation source) =>
        (given ?? _crashes) is var crash && crash >= 1 && crash <= _crashes
            ? crash
            : throw new UsageException($"{source}: crash {crash} does not exist here; {_crashes} came before");
}
