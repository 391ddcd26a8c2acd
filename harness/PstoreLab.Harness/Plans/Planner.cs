using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans.Steps;
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
    private readonly PlannedBoots _planned = new();
    private BootSettings _settings;

    private Planner(Case @case, GuestImages images, string accelerator, Func<string> nonce, bool freshBoots)
    {
        _case = @case;
        _images = images;
        _accelerator = accelerator;
        _stores = new MachineStores(@case, MachineCatalogue.Get(@case.Machine));
        _boots = new BootPlanner(images, _stores, accelerator, _planned, freshBoots);
        _crashes = new CrashPlanner(_stores.Machine, images.Kernels, _stores.Judged, nonce, _planned);
        _inspections = new InspectionPlanner(images.Kernels, _stores.Judged, _planned);
        _settings = BootSettings.Of(@case, _stores, images.Kernels.Values);
    }

    /// <param name="images">An image for every kernel of the case, and the disk of every systemd guest.</param>
    /// <param name="accelerator"><c>kvm</c> or <c>tcg</c>.</param>
    /// <param name="nonce">A fresh nonce at every call: lower-case letters and digits.</param>
    /// <param name="absenceOf">Why this machine cannot decompress a method;
    /// <see cref="RecordCompression.MissingLibrary"/> when left out.</param>
    /// <param name="freshBoots">Whether no checkpoint may stand for a boot.</param>
    /// <exception cref="UnsupportedException">A kernel lacks an option that the backend needs, or the host a file or a
    /// library.</exception>
    /// <exception cref="UsageException">The steps ask for something that cannot be.</exception>
    public static Plan Plan(
        Case @case,
        GuestImages images,
        string accelerator,
        Func<string> nonce,
        Func<CompressionMethod, string?>? absenceOf = null,
        bool freshBoots = false
    )
    {
        var plan = new Planner(@case, images, accelerator, nonce, freshBoots).Build();
        PstoreCompression.RequireLibraries(plan, absenceOf ?? RecordCompression.MissingLibrary);
        return plan;
    }

    /// <summary>Checks what can be known of a case before any image is there and any guest runs.</summary>
    /// <exception cref="UsageException">Its store cannot have the size it asks for, or a parameter is appended that is
    /// set already.</exception>
    public static void Check(Case @case)
    {
        try
        {
            AppendedConflict.Refuse(@case, new MachineStores(@case, MachineCatalogue.Get(@case.Machine)));
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
                .. _planned
                    .All.Select(boot => boot.Kernel)
                    .Distinct()
                    .Select(kernel => _images.Kernels[kernel].Planned()),
            ],
            [.. _boots.Files, .. _stores.Attached.Firmware.Select(file => new StagedFile(file.Name, file.Source))],
            _stores.Store,
            _planned.All,
            [
                .. _case.Known.Select(known => new PlannedKnownBug(
                    known.Bug,
                    _inspections.Resolve(known.Instead),
                    known.ByChance
                )
                {
                    Ticket = known.Ticket,
                }),
            ]
        )
        {
            Format = Plans.Plan.CurrentFormat,
            Machine = _stores.Machine.Name,
            Others = _stores.Others,
            Appended = _case.Appended.Count == 0 ? null : AppendedParameters.Text(_case.Appended),
            Tolerated = _case.Tolerated.Count > 0 ? _case.Tolerated : null,
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
                _planned.Add(_crashes.Crash(crash, _settings));
                break;
            case PowerCutStep cut:
                _planned.Add(_crashes.CutPower(cut, _settings));
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
                _planned.Add(new Ask(new AgentRequest.Erase(erase.Name)));
                break;
            case RunStep run:
                _planned.Add(
                    new RunInGuest(_planned.NumberOfNext<RunInGuest>(), run.Command, run.Exit, run.Source.ToString())
                );
                // A systemd guest reports it at each inspection.
                if (_settings.Systemd is null)
                    _planned.Add(new NoteBackend(new AgentRequest.Backend()));
                break;
            case ExpectStep expect:
                _planned.Add(_inspections.Inspection(expect.Expectation));
                break;
            default:
                throw new UsageException($"{step.Source}: no plan for a step of kind {step.GetType().Name}");
        }
    }

    private void PowerOn(string kernel, BootOptions options, SourceLocation source, IReadOnlyList<Step> ahead)
    {
        _settings = Changed(options, source) with { Kernel = kernel, ForCrashes = CrashParameters.For(ahead) };
        _planned.Begin(
            _boots.PowerOn(
                _settings,
                options.Files,
                exitsOnReset: !ahead.OfType<RestartStep>().Any(),
                isInspected: ahead
                    .TakeWhile(step => step is not (CrashStep or PowerCutStep or RestartStep))
                    .Any(step => step is ExpectStep),
                onlyReads: ahead.All(step => step is ExpectStep or EraseStep or DamageStep)
            )
        );
    }

    private void WarmBoot(RestartStep restart)
    {
        var last = _settings;
        _settings = Changed(restart.Options, restart.Source);
        if (_planned.MachineIsGone)
            throw new UsageException(
                $"{restart.Source}: there is no machine left for a warm boot; use `restart: cold`"
            );
        if (_planned.GuestIsWell)
            _planned.Add(new Reboot());
        _planned.Begin(_boots.WarmBoot(_settings, last, restart.Source));
    }

    private BootSettings Changed(BootOptions options, SourceLocation source)
    {
        var settings = _settings.With(options);
        _stores.RequireValid(settings.Parameters, source);
        return settings;
    }

    private void AddDamage(DamageStep step)
    {
        if (step.Damage is Recompress recompress && RecordCompression.MissingLibrary(recompress.Method) is { } absence)
            throw new UnsupportedException(absence);
        EndHealthyGuest();
        _planned.Add(new DamageStore(_planned.NumberOfNext<DamageStore>(), step.Damage));
    }

    // A guest with a disk has something to lose.
    private void EndHealthyGuest()
    {
        if (_planned.GuestIsWell)
            _planned.Add(new PowerOff(_settings.Systemd is null ? null : new AgentRequest.ShutDown()));
    }
}
