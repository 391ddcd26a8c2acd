namespace PstoreLab.Harness.Archiving;

/// <summary>Counts what a release gets right and wrong, set after set.</summary>
/// <param name="version">Of systemd's package; null where it is not known, and then no bug is.</param>
/// <param name="catalogue">The bugs that are known.</param>
/// <param name="telling">With so many sets each bug of the catalogue shows itself.</param>
public sealed class ReleaseTally(
    string release,
    string? version,
    IReadOnlyList<KnownArchiverFault> catalogue,
    int telling = ReleaseTally.Telling
)
{
    /// <summary>
    /// With so many made sets each bug of the catalogue shows itself; fewer do not show that one is fixed.
    /// </summary>
    public const int Telling = 300;

    private readonly IReadOnlyList<KnownArchiverFault> _known =
    [
        .. catalogue.Where(entry => version is not null && entry.IsIn(SystemdPstore.SystemdOf(version))),
    ];
    private readonly Dictionary<ArchiveProperty, (int Right, int Wrong)> _counts = [];
    private readonly Dictionary<(ArchiveProperty Property, KnownArchiverFault? Known), CauseReport> _causes = [];
    private int _sets;

    public void Add(ArchivedSet archived)
    {
        _sets++;
        var faults = Properties.FaultsOf(archived).ToLookup(fault => fault.Property);
        foreach (
            var property in Enum.GetValues<ArchiveProperty>()
                .Where(property => faults.Contains(property) || property.IsShownBy(archived))
        )
        {
            var (right, wrong) = _counts.GetValueOrDefault(property);
            _counts[property] = faults.Contains(property) ? (right, wrong + 1) : (right + 1, wrong);
            foreach (
                var alike in faults[property]
                    .GroupBy(fault => _known.FirstOrDefault(entry => entry.Explains(archived, fault)))
            )
                Add((property, alike.Key), archived, alike.First().Text);
        }
    }

    public ReleaseReport Report(double seconds) =>
        new(
            release,
            version,
            _sets,
            seconds,
            [
                .. _counts
                    .OrderBy(count => count.Key)
                    .Select(count => new PropertyReport(
                        count.Key,
                        count.Value.Right,
                        count.Value.Wrong,
                        [
                            .. _causes
                                .Where(cause => cause.Key.Property == count.Key)
                                .Select(cause => cause.Value)
                                .OrderByDescending(cause => cause.Known is null)
                                .ThenByDescending(cause => cause.Sets),
                        ]
                    )),
            ],
            _sets < telling ? [] : [.. _known.Where(entry => !_causes.Keys.Any(key => key.Known == entry))]
        );

    private void Add((ArchiveProperty, KnownArchiverFault? Known) key, ArchivedSet archived, string text)
    {
        bool smallest =
            !_causes.TryGetValue(key, out var cause)
            || archived.Set.Size.CompareTo(cause.Example.Set.Size) is var order
                && (order < 0 || (order == 0 && archived.Set.Number < cause.Example.Set.Number));
        _causes[key] = smallest
            ? new CauseReport(key.Known, (cause?.Sets ?? 0) + 1, archived, text)
            : cause! with
            {
                Sets = cause.Sets + 1,
            };
    }
}
