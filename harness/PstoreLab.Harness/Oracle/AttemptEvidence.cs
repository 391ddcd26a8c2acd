using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Oracle;

/// <summary>All that one attempt at a case has left: its plan, its log, and its folder, of which each file is read
/// once.</summary>
internal sealed class AttemptEvidence
{
    private readonly Dictionary<string, BootConsole> _consoles = [];

    public AttemptEvidence(Plan plan, CycleLog cycle, CaseFolder folder)
    {
        Plan = plan;
        Cycle = cycle;
        Folder = folder;
        Crashes = ArmedCrash.Of(plan);
        Stores = new StoreEvidence(folder, plan);
        Listings = new ExpectedListings(plan, Stores);
        Registered = new RegisteredBackends(this);
    }

    public Plan Plan { get; }

    public CycleLog Cycle { get; }

    public CaseFolder Folder { get; }

    /// <summary>Every crash of the plan.</summary>
    public IReadOnlyDictionary<CrashNumber, ArmedCrash> Crashes { get; }

    public StoreEvidence Stores { get; }

    public ExpectedListings Listings { get; }

    public RegisteredBackends Registered { get; }

    /// <summary>Every inspection of the plan with its boot, in order.</summary>
    public IEnumerable<Inspection> Inspections =>
        Plan.StepsWithBoots()
            .Where(placed => placed.Step is Inspect)
            .Select(placed => new Inspection(
                ((Inspect)placed.Step).Number,
                placed.Boot,
                ((Inspect)placed.Step).Expectation
            ));

    /// <summary>The console of a boot that came up.</summary>
    /// <exception cref="Faults.EvidenceException">It was not kept.</exception>
    public BootConsole ConsoleOf(BootNumber boot) => Read(Folder.Boot(boot).Console, boot);

    /// <summary>The console of the kernel that died of this crash, be it a capture kernel (crash kernel).</summary>
    public BootConsole ConsoleOf(ArmedCrash crash) =>
        crash.OfCaptureKernel ? Read(Folder.Boot(crash.Boot).CrashConsole, crash.Boot) : ConsoleOf(crash.Boot);

    /// <summary>The console of a capture kernel (crash kernel) that booted there; null where none did.</summary>
    public BootConsole? ConsoleOfCaptureKernel(BootNumber boot) =>
        EvidenceReader.IsKept(Folder.Boot(boot).CrashConsole) ? Read(Folder.Boot(boot).CrashConsole, boot) : null;

    /// <summary>The answer of <c>uname -r</c> at that boot; null where it never came up.</summary>
    public string? ReleaseOf(BootNumber boot) => Observed(boot)?.Release;

    /// <summary>That boot as the guest described it; null where it never came up.</summary>
    public ObservedBoot? Observed(BootNumber boot) => Cycle.Boots.FirstOrDefault(observed => observed.Number == boot);

    private BootConsole Read(string path, BootNumber boot)
    {
        if (!_consoles.TryGetValue(path, out var console))
            _consoles[path] = console = BootConsole.Read(path) with
            {
                Banner = new KernelBanner(MachineCatalogue.Get(Plan.Machine).Architecture),
                IsShared = Plan.RunsPrograms(boot),
                Cpus = Plan.BootOf(boot).Cpus,
            };
        return console;
    }
}

/// <summary>An inspection of the plan, in its place.</summary>
/// <param name="Boot">The boot whose guest was looked at.</param>
internal sealed record Inspection(InspectionNumber Number, PlannedBoot Boot, Expectation Expected)
{
    public string Source => Expected.Source.ToString();
}
