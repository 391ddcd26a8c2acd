using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Reads one scenario file into its cases, or says what is wrong with it and where.</summary>
internal sealed class ScenarioFile
{
    // A matrix of many cells times a file of many values would keep the machine busy for minutes before anything boots.
    private const long MaxWork = 2_000_000;

    private readonly StepReader steps;
    private readonly Vocabulary vocabulary;
    private readonly ScenarioDocument document;
    private readonly YamlMap root;
    private readonly string family;
    private readonly IReadOnlyDictionary<string, string> pinned;

    /// <param name="pinned">Dimensions that have one value whatever the file says; a dimension that it does not have is
    /// not added.</param>
    private ScenarioFile(
        string path,
        Vocabulary vocabulary,
        ISet<OldWord> oldWords,
        IReadOnlyDictionary<string, string> pinned
    )
    {
        this.vocabulary = vocabulary;
        this.pinned = pinned;
        steps = new StepReader(vocabulary);
        family = FamilyOf(path);
        root = YamlTree.Parse(SourceText.Read(path));
        document = new Binder(cell: null, oldWords).Bind<ScenarioDocument>(root);
        var name = Path.GetFileNameWithoutExtension(path);
        if (document.Scenario.Value != name)
        {
            throw document.Scenario.Source.Fault(
                $"found the scenario {Nearest.Quote(document.Scenario.Value)}, expected '{name}', the name of its file"
            );
        }
    }

    /// <param name="oldWords">Receives the words of the file that have another name now.</param>
    public static IReadOnlyList<Case> Read(string path, Vocabulary vocabulary, ISet<OldWord> oldWords) =>
        Read(path, vocabulary, oldWords, new Dictionary<string, string>());

    /// <summary>
    /// The cases that the file has where these dimensions have this value each; those that it excludes are not among
    /// them.
    /// </summary>
    public static IReadOnlyList<Case> Read(
        string path,
        Vocabulary vocabulary,
        ISet<OldWord> oldWords,
        IReadOnlyDictionary<string, string> pinned
    ) => new ScenarioFile(path, vocabulary, oldWords, pinned).Cases();

    public static string FamilyOf(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";

    /// <summary>
    /// The bugs that a file describes, and the names of those that some of its cells are known to have.
    /// </summary>
    public static (IReadOnlyList<Bug> Described, IReadOnlyList<Text> Known) Bugs(
        string path,
        Vocabulary vocabulary,
        ISet<OldWord> oldWords
    )
    {
        var document = new ScenarioFile(path, vocabulary, oldWords, new Dictionary<string, string>()).document;
        return (
            [.. document.Bugs.Select(bug => bug.Read())],
            [.. document.Known?.For(cell: null).Select(known => known.Bug) ?? []]
        );
    }

    private List<Case> Cases()
    {
        if (document.Steps is null)
        {
            return document.Bugs.Count > 0
                ? []
                : throw root.Source.Fault(
                    "the key 'steps' is missing, expected steps: What is done, in order; the first is boot."
                );
        }

        var cells = Matrix.Expand(document.Matrix);
        if (cells.Count * (long)root.Weight > MaxWork)
        {
            throw root.Source.Fault(
                $"found {cells.Count} cells of a file of {root.Weight} values, expected at most {MaxWork} "
                    + "values in all cells"
            );
        }

        DimensionMatch[] excluded = [.. document.Exclude.Select(entry => CellMatch(entry, cells, "exclude"))];
        var all = cells;
        cells = [.. cells.Where(cell => !IsExcluded(cell))];
        if (cells.Count == 0)
            throw root.Source.Fault("found a matrix that 'exclude' leaves no cell of, expected at least one");

        DimensionMatch[]? quick = document.Quick is { } entries
            ? [.. entries.Select(entry => CellMatch(entry, cells, "quick"))]
            : null;
        var cases = new OrderedDictionary<string, Case>();
        foreach (var cell in cells)
        {
            var @case = Case(cell, quick?.Any(match => match.Matches(cell.ValuesOf)) ?? cases.Count == 0);
            if (!cases.TryAdd(@case.Id, @case))
            {
                throw (cell.Source ?? root.Source).Fault(
                    $"found a second cell with the id {@case.Id}, expected values that differ"
                );
            }
        }

        var conditions = new ConditionReader(
            [.. cells[0].Dimensions.Keys],
            name => cases.Values.SelectMany(@case => DimensionMatch.ValuesOf(@case, name))
        );
        if (pinned.Count > 0)
            return Pinned(
                [.. all.Select(cell => cell.With(pinned)).Where(cell => !IsExcluded(cell)).DistinctBy(Id)],
                quick,
                cases
            );
        // A scenario that names a kernel or a guest of the user's itself has a place for it already.
        string[] brought = [.. vocabulary.InPlace, .. vocabulary.SystemdInPlace];
        if (
            brought.Length > 0
            && (
                vocabulary.CataloguedInPlace.Count > 0
                || !cases.Values.Any(@case => @case.Kernels.Concat(@case.SystemdGuests).Intersect(brought).Any())
            )
        )
            return
            [
                .. Substituted(
                    [.. Substitution.Of(cells, vocabulary).Where(place => !IsExcluded(place.Cell))],
                    cases,
                    conditions
                ),
                .. cases
                    .Values.Zip(cells, (@case, cell) => @case with { Known = [.. Known(@case, cell, conditions)] })
                    .Where(IsOfThemAnyway),
            ];
        return
        [
            .. cases.Values.Zip(cells, (@case, cell) => @case with { Known = [.. Known(@case, cell, conditions)] }),
        ];

        // Its kernel is no dimension, and the very one that was chosen.
        bool IsOfThemAnyway(Case @case) =>
            KernelDimensions.Of(@case).Count == 0
            && vocabulary.SystemdInPlace.Count == 0
            && @case.Kernels.All(vocabulary.CataloguedInPlace.Contains);

        bool IsExcluded(Cell cell) => excluded.Any(match => match.Matches(cell.ValuesOf));
    }

    /// <summary>Cells that the file does not have; its conditions may speak of those and of its own.</summary>
    private List<Case> Pinned(
        IReadOnlyList<Cell> cells,
        IReadOnlyList<DimensionMatch>? quick,
        IReadOnlyDictionary<string, Case> cases
    )
    {
        var made = cells
            .Select(cell => (Case: Case(cell, quick?.Any(match => match.Matches(cell.ValuesOf)) ?? false), Cell: cell))
            .ToList();
        var conditions = new ConditionReader(
            [.. cases.Values.First().Dimensions.Keys],
            name =>
                cases
                    .Values.Concat(made.Select(one => one.Case))
                    .SelectMany(@case => DimensionMatch.ValuesOf(@case, name))
        );
        return [.. made.Select(one => one.Case with { Known = [.. Known(one.Case, one.Cell, conditions)] })];
    }

    /// <summary>
    /// The cells with other kernels in place, each once; quick where one of those it takes the place of is.
    /// </summary>
    private List<Case> Substituted(
        IReadOnlyList<(Cell Cell, Cell From)> places,
        IReadOnlyDictionary<string, Case> cases,
        ConditionReader conditions
    ) =>
        [
            .. from place in places
            group place by Id(place.Cell) into same
            let cell = same.First().Cell
            let before = same.Select(place => cases[Id(place.From)]).ToArray()
            let @case = Case(cell, before.Any(@case => @case.Quick))
            select @case with
            {
                InPlaceOf = [.. before.Select(@case => @case.Id)],
                Known = [.. Known(@case, cell, conditions)],
            },
        ];

    /// <summary>A condition of the file on its own cells; one that holds for none is a slip of the pen.</summary>
    private DimensionMatch CellMatch(Table table, IReadOnlyList<Cell> cells, string key)
    {
        var conditions = new ConditionReader(
            [.. cells[0].Dimensions.Keys],
            name => cells.SelectMany(cell => cell.ValuesOf(name))
        );
        var match = conditions.Read(table);
        return cells.Any(cell => match.Matches(cell.ValuesOf))
            ? match
            : throw (table.Entries is [var first, ..] ? first.Name.Source : root.Source).Fault(
                $"found a condition in '{key}' that no cell meets, expected one that chooses cells"
            );
    }

    private Case Case(Cell cell, bool quick)
    {
        var sequence = steps.Read(document.Steps!.For(cell)).ToList();
        if (document.Expect?.For(cell) is { } expect)
            sequence.Add(new ExpectStep(expect.Source, StepReader.Read(expect)));
        StepOrder.Check(sequence, root.Source);

        string backend = Backend(cell);
        return new Case(
            Id(cell),
            family,
            document.Scenario.Value,
            document.Summary.Value,
            document.Source,
            cell.Dimensions,
            backend,
            document.Store?.For(cell).Bytes,
            StepReader.Parameters(document.Parameters?.For(cell)),
            sequence,
            [],
            quick
        )
        {
            Machine = Machine(cell),
            Present = Present(cell, backend),
            Covers =
            [
                .. document.Covers.Select(feature => StepReader.Catalogued("feature", feature, vocabulary.Features)),
            ],
            SystemdVersions = vocabulary.SystemdVersions,
            KernelVersions = vocabulary.KernelVersions,
        };
    }

    private string Id(Cell cell)
    {
        var id = CaseId.Of(family, document.Scenario.Value, cell.Dimensions);
        var longest = id.Split('/').Max(segment => segment.Length);
        return longest <= CaseId.LongestSegment
            ? id
            : throw (cell.Source ?? root.Source).Fault(
                $"found {longest} characters between slashes in the id {Nearest.Quote(id)}, expected at "
                    + $"most {CaseId.LongestSegment}"
            );
    }

    private string Machine(Cell cell) =>
        cell.Find(DimensionMatch.Machine) is { } name
            ? StepReader.Catalogued(DimensionMatch.Machine, name, vocabulary.Machines)
            : MachineCatalogue.Default.Name;

    private string Backend(Cell cell)
    {
        var name =
            document.Backend?.For(cell)
            ?? cell.Find("backend")
            ?? throw root.Source.Fault(
                "the key 'backend' is missing, expected backend: NAME or a dimension 'backend' in the matrix"
            );
        return StepReader.Catalogued("backend", name, vocabulary.Backends);
    }

    private IReadOnlyList<string> Present(Cell cell, string backend)
    {
        if (document.Present?.For(cell) is not { } present)
            return [backend];
        string[] names = [.. present.Select(name => StepReader.Catalogued("backend", name, vocabulary.Backends))];
        return !names.Contains(backend)
                ? throw present[0]
                    .Source.Fault(
                        $"found backends without {backend}, which is the one that is judged; expected it among them"
                    )
            : names.Distinct().Count() < names.Length
                ? throw present[0].Source.Fault("found a backend twice, expected each once")
            : names;
    }

    /// <summary>Only the bugs that are catalogued for this very cell.</summary>
    private IEnumerable<KnownBug> Known(Case @case, Cell cell, ConditionReader conditions)
    {
        foreach (var known in document.Known?.For(cell) ?? [])
        {
            var when = conditions.Read(known.When);
            var instead = StepReader.Read(known.Instead);
            if (!when.Matches(@case))
                continue;
            StepOrder.CheckInstead(instead, @case.Steps);
            yield return new KnownBug(
                known.Bug.Value,
                when.Conditions.ToDictionary(c => c.Name, c => c.Match.Text),
                instead,
                known.ByChance?.Value == "yes"
            );
        }
    }
}
