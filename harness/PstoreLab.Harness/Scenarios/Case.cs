using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// One cell of a scenario's matrix with every <c>${…}</c> filled in and every name checked: ready to be planned.
/// </summary>
/// <param name="Id"><c>family/scenario/values</c>, for example <c>cycle/record-whole/ramoops-cold-debian-6.1</c>; safe
/// as a path and as a shell word.</param>
/// <param name="Family">The folder the scenario lies in.</param>
/// <param name="Dimensions">The cell: dimension name to value, in the order of the scenario's matrix.</param>
/// <param name="StoreSize">Size of the backend's store in bytes; null for the backend's own default.</param>
/// <param name="Parameters">
/// Kernel and module parameters of every boot, such as <c>ramoops.ecc</c> → <c>1</c>; an empty value is a bare word,
/// such as <c>nokaslr</c>.
/// </param>
/// <param name="Known">Only the bugs whose condition holds in this cell.</param>
/// <param name="Quick">Whether the cell belongs to the set that <c>make test</c> runs.</param>
public sealed record Case(
    string Id,
    string Family,
    string Scenario,
    string Summary,
    SourceLocation Source,
    IReadOnlyDictionary<string, string> Dimensions,
    string Backend,
    long? StoreSize,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<KnownBug> Known,
    bool Quick
)
{
    /// <summary>The machine that it runs on, by its name.</summary>
    public string Machine { get; init; } = MachineCatalogue.Default.Name;

    /// <summary>
    /// The file with what the store holds before the first boot; null for an empty store. No scenario has one: it is
    /// what is replayed.
    /// </summary>
    public string? GivenStore { get; init; }

    /// <summary>The ids of the cases whose place it takes, because the user brought a kernel along.</summary>
    public IReadOnlyList<string> InPlaceOf { get; init; } = [];

    /// <summary>
    /// All backends that the machine has, <see cref="Backend"/> among them, in the order in which their modules are
    /// loaded.
    /// </summary>
    public IReadOnlyList<string> Present
    {
        get => field.Count == 0 ? [Backend] : field;
        init;
    } = [];

    /// <summary>
    /// The failures that the user's own list of known bugs tolerates here. See <see cref="Quarantine"/>.
    /// </summary>
    public IReadOnlyList<ToleratedFailure> Tolerated { get; init; } = [];

    /// <summary>The documented features that it shows.</summary>
    public IReadOnlyList<string> Covers { get; init; } = [];

    /// <summary>Which of several runs of the same cell it is, from 1.</summary>
    public int Repetition { get; init; } = 1;

    /// <summary>
    /// Kernel parameters that the user adds at every boot; none is set in another way. The id stays: it is the same
    /// case under another condition, which its plan and its result name.
    /// </summary>
    public IReadOnlyDictionary<string, string> Appended { get; init; } = new Dictionary<string, string>();

    /// <summary>The same cell once more, with an id of its own.</summary>
    /// <param name="number">From 1.</param>
    public Case Repeated(int number) => this with { Id = $"{Id}+{number}", Repetition = number };

    /// <summary>The systemd guests it boots, each once, in the order of their first boot.</summary>
    public IReadOnlyList<string> SystemdGuests =>
        [
            .. Steps
                .Select(step =>
                    step switch
                    {
                        BootStep boot => boot.Options.Systemd,
                        RestartStep restart => restart.Options.Systemd,
                        _ => null,
                    }
                )
                .OfType<string>()
                .Where(name => name != BootOptions.NoSystemd)
                .Distinct(),
        ];

    /// <summary>Whether some boot of it has a capture kernel (crash kernel) loaded.</summary>
    public bool LoadsCaptureKernel =>
        Steps
            .Select(step =>
                step switch
                {
                    BootStep boot => boot.Options.CaptureKernel,
                    RestartStep restart => restart.Options.CaptureKernel,
                    _ => null,
                }
            )
            .Any(kernel => kernel is CaptureKernel.Loaded or CaptureKernel.Panics);

    /// <summary>The version of systemd in a guest, by the guest's name.</summary>
    public IReadOnlyDictionary<string, string> SystemdVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>The versions of user-supplied kernels, whatever they are called, by name.</summary>
    public IReadOnlyDictionary<string, string> KernelVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>The kernels it boots, each once, in the order of their first boot.</summary>
    public IReadOnlyList<string> Kernels =>
        [
            .. Steps
                .Select(step =>
                    step switch
                    {
                        BootStep boot => boot.Kernel,
                        RestartStep restart => restart.Kernel,
                        _ => null,
                    }
                )
                .OfType<string>()
                .Distinct(),
        ];
}

/// <summary>A place in a scenario file; line and column count from 1.</summary>
public readonly record struct SourceLocation(string File, long Line, long Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A catalogued bug: where <paramref name="When"/> holds, the case must fail in exactly this way.</summary>
/// <param name="When">Dimension name to value, glob or version range (<c>&gt;=6.6</c>).</param>
/// <param name="ByChance">Whether it may also pass.</param>
public sealed record KnownBug(
    string Bug,
    IReadOnlyDictionary<string, string> When,
    Expectation Instead,
    bool ByChance = false
)
{
    /// <summary>
    /// Where the user follows a bug of his own list, whose case may also pass; null for one of the catalogue.
    /// </summary>
    public string? Ticket { get; init; }
}
