using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Plans;

/// <summary>Turns a case into a plan. One planner per case; it walks the steps once.</summary>
public sealed class Planner
{
    private readonly Case _case;
    private readonly GuestImages _images;
    private readonly string _accelerator;
    private readonly MachineStores _stores;
    private readonly BootPlanner _boots;
    private readonly CrashPlanner _crashes;
    private readonly InspectionPlanner _inspections;
    private readonly PlannedSteps _steps = new();
    private BootSettings _settings;

    private Planner(Case @case, GuestImages images, string accelerator, Func<string> nonce)
    {
        _case = @case;
        _images = images;
        _accelerator = accelerator;
        _stores = new MachineStores(@case, MachineCatalogue.Get(@case.Machine));
        _boots = new BootPlanner(images, _stores, accelerator, _steps);
        _crashes = new CrashPlanner(_stores.Machine, images.Kernels, _stores.Judged, nonce, _steps);
        _inspections = new InspectionPlanner(images.Kernels, _stores.Judged, _steps);
        _settings = BootSettings.Of(@case, _stores, images.Kernels.Values);
    }

    /// <param name="images">An image for every kernel of the case, and the disk of every systemd guest.</param>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    /// <param name="nonce">A fresh nonce at every call: lower-case letters and digits.</param>
    /// <param name="absenceOf">Why a compression cannot be undone on this machine;
    /// <see cref="RecordCompression.AbsenceOf"/> when left out.</param>
    /// <exception cref="UnsupportedException">A kernel lacks an option that the backend needs, or the host a file or a
    /// library.</exception>
    /// <exception cref="UsageException">The steps ask for something that cannot be.</exception>
    public static Plan Plan(
        Case @case,
        GuestImages images,
        string accelerator,
        Func<string> nonce,
        Func<CompressionMethod, string?>? absenceOf = null
    )
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
            _ = new MachineStores(@case, MachineCatalogue.Get(@case.Machine));
        }
        catch (UnsupportedException)
        {
            // No mistake of the scenario: a verdict of its own, when its turn comes.
        }
    }

    private Plan Build()
    {
        for (int i = 0; i < _case.Steps.Count; i++)
            Add(
                _case.Steps[i],
                [.. _case.Steps.Skip(i + 1).TakeWhile(step => step is not RestartStep { Kind: RestartKind.Cold })]
            );
        return new Plan(
            _case.Id,
            _case.Summary,
            _case.Dimensions,
            _stores.Judged.Name,
            _accelerator,
            _stores.Attached.Memory.MiB,
            [
                .. _steps
                    .All.OfType<PowerOn>()
                    .Select(on => on.Kernel)
                    .Distinct()
                    .Select(kernel => _images.Kernels[kernel].Planned()),
            ],
            [.. _boots.Files, .. _stores.Attached.Firmware.Select(file => new StagedFile(file.Name, file.Source))],
            _stores.Store,
            _steps.All,
            [
                .. _case.Known.Select(known => new PlannedKnownBug(
                    known.Bug,
                    _inspections.Inspection(known.Instead, number: 0)
                )),
            ]
        )
        {
            Machine = _stores.Machine.Name,
            Others = _stores.Others,
        };
    }

    /// <param name="ahead">The steps behind it that the same QEMU process is for.</param>
    private void Add(Step step, IReadOnlyList<Step> ahead)
    {
        switch (step)
        {
            case BootStep boot:
                PowerOn(boot.Kernel, boot.Options, boot.Source, ahead);
                break;
            case CrashStep crash:
                _steps.Add(_crashes.Crash(crash, _settings));
                break;
            case PowerCutStep cut:
                _steps.Add(_crashes.CutPower(cut, _settings));
                break;
            case RestartStep { Kind: RestartKind.Cold } restart:
                EndHealthyGuest();
                PowerOn(restart.Kernel ?? _settings.Kernel, restart.Options, restart.Source, ahead);
                break;
            case RestartStep restart:
                WarmBoot(restart);
                break;
            case DamageStep damage:
                AddDamage(damage);
                break;
            case EraseStep erase:
                _steps.Add(new Ask($"erase {erase.Name}"));
                break;
            case RunStep run:
                _steps.Add(
                    new RunInGuest(_steps.NumberOfNext<RunInGuest>(), run.Command, run.Exit, run.Source.ToString())
                );
                // A systemd guest tells at each inspection.
                if (_settings.Systemd is null)
                    _steps.Add(new NoteBackend());
                break;
            case ExpectStep expect:
                _steps.Add(_inspections.Inspection(expect.Expectation, _steps.NumberOfNext<Inspect>()));
                break;
            default:
                throw new UsageException($"{step.Source}: no plan for a step of kind {step.GetType().Name}");
        }
    }

    private void PowerOn(string kernel, BootOptions options, SourceLocation source, IReadOnlyList<Step> ahead)
    {
        _settings = Changed(options, source) with { Kernel = kernel, ForCrashes = CrashParameters.For(ahead) };
        _steps.Add(_boots.PowerOn(_settings, options.Files, exitsOnReset: !ahead.OfType<RestartStep>().Any()));
    }

    private void WarmBoot(RestartStep restart)
    {
        var last = _settings;
        _settings = Changed(restart.Options, restart.Source);
        if (_steps.MachineIsGone)
            throw new UsageException(
                $"{restart.Source}: there is no machine left to come up warm; use `restart: cold`"
            );
        if (_steps.GuestIsWell)
            _steps.Add(new Reboot());
        _steps.Add(_boots.WarmBoot(_settings, last, restart.Source));
    }

    private BootSettings Changed(BootOptions options, SourceLocation source)
    {
        var settings = _settings.With(options);
        _stores.RequireValid(settings.Parameters, source);
        return settings;
    }

    private void AddDamage(DamageStep step)
    {
        if (step.Damage is Recompress recompress && RecordCompression.AbsenceOf(recompress.Method) is { } absence)
            throw new UnsupportedException(absence);
        EndHealthyGuest();
        _steps.Add(new DamageStore(_steps.NumberOfNext<DamageStore>(), step.Damage));
    }

    // A guest with a disk has something to lose.
    private void EndHealthyGuest()
    {
        if (_steps.GuestIsWell)
            _steps.Add(new PowerOff(_settings.Systemd is null ? null : "poweroff"));
    }
}
