using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Finds the cases that words on a command line mean, reading no more files than those.</summary>
/// <param name="folder">The shipped scenarios: a folder for each family.</param>
/// <param name="own">The user's own beside them, in the same layout; null for none.</param>
public sealed class ScenarioLoader(string folder, Vocabulary vocabulary, string? own = null)
{
    private static readonly string[] Extensions = [".yaml", ".yml"];

    private readonly HashSet<OldWord> oldWords = [];

    /// <summary>
    /// Each place of the files read so far where a key or value still has its former name, in the order of the files.
    /// </summary>
    public IReadOnlyList<OldWord> OldWords =>
        [
            .. oldWords
                .OrderBy(word => word.Source.File, StringComparer.Ordinal)
                .ThenBy(word => (word.Source.Line, word.Source.Column)),
        ];

    /// <param name="words">Families, <c>family/scenario</c>, case ids, or paths of YAML files anywhere; none for all
    /// shipped.</param>
    /// <exception cref="UsageException">A word means nothing, or files are wrong; then there is a line for each of
    /// those.</exception>
    public IReadOnlyList<Case> Load(IReadOnlyList<string> words)
    {
        var files = new OrderedDictionary<string, IReadOnlyList<Case>>();
        var faults = new List<string>();
        var chosen = new OrderedDictionary<string, (Case Case, string File)>();
        foreach (var word in words.Count == 0 ? [""] : words)
        {
            var id = word.TrimEnd('/');
            if (id.Length == 0 && words.Count > 0)
                throw new UsageException(
                    "found an empty word, expected a family, a scenario, a case or the path of a .yaml file"
                );
            foreach (var file in FilesOf(id))
            {
                foreach (var @case in Read(file).Where(c => IsPath(id) || IsMeant(id, c)))
                {
                    if (!chosen.TryAdd(@case.Id, (@case, file)) && chosen[@case.Id].File != file)
                    {
                        var other = chosen[@case.Id].Case.Source.File;
                        throw @case.Source.Fault(
                            $"found the case {@case.Id}, which {other} has, too; rename one or run them apart"
                        );
                    }
                }

                if (
                    faults.Count == 0
                    && !IsPath(id)
                    && files[file].Count > 0
                    && !chosen.Values.Any(c => IsMeant(id, c.Case))
                )
                    throw Unknown(word, files[file].Select(c => c.Id));
            }
        }

        if (faults.Count > 0)
            throw new UsageException(string.Join('\n', faults));
        if (chosen.Count == 0 && files.Values.All(cases => cases.Count == 0) && vocabulary.InPlace.Count == 0)
            throw new UsageException(
                $"found no case in {string.Join(", ", words)}, which only describes bugs; see `pstorelab list --bugs`"
            );
        if (chosen.Count == 0)
            throw new UsageException(
                $"no place for {string.Join(", ", vocabulary.InPlace)} among the cases chosen: none has a "
                    + "dimension 'kernel', 'writer' or 'reader'"
            );
        return [.. chosen.Values.Select(c => c.Case)];

        IReadOnlyList<Case> Read(string file)
        {
            if (files.TryGetValue(file, out var known))
                return known;
            try
            {
                return files[file] = ScenarioFile.Read(file, vocabulary, oldWords);
            }
            catch (UsageException e)
            {
                faults.Add(e.Message);
                return files[file] = [];
            }
        }
    }

    /// <summary>Checks words as far as that needs no kernel: whether there are files of theirs.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public void Check(IReadOnlyList<string> words)
    {
        foreach (
            string file in words.Select(word => word.TrimEnd('/')).Where(word => word.Length > 0).SelectMany(FilesOf)
        )
        {
            if (!File.Exists(file))
                throw new UsageException($"{DisplayPath.Of(file)}: no such file");
        }
    }

    /// <summary>The bug catalogue, in the order of the names.</summary>
    /// <exception cref="UsageException">A file is wrong, two describe a bug of the same name, or one is known to have a
    /// bug that none describes.</exception>
    public IReadOnlyList<Bug> Bugs()
    {
        var files = Shipped()
            .Select(file => (Name: NameOf(file), Bugs: ScenarioFile.Bugs(file, vocabulary, oldWords)))
            .ToList();
        var shown = files
            .SelectMany(file => file.Bugs.Known.Select(bug => (Bug: bug, file.Name)))
            .ToLookup(one => one.Bug.Value);
        var catalogue = new SortedDictionary<string, Bug>(StringComparer.Ordinal);
        foreach (var bug in files.SelectMany(file => file.Bugs.Described))
        {
            if (
                !catalogue.TryAdd(
                    bug.Name,
                    bug with
                    {
                        ShownBy = [.. shown[bug.Name].Select(one => one.Name).Distinct()],
                    }
                )
            )
                throw bug.Source.Fault(
                    $"found the bug '{bug.Name}' a second time, expected one description; the other is at "
                        + $"{catalogue[bug.Name].Source}"
                );
        }

        return shown.FirstOrDefault(bug => !catalogue.ContainsKey(bug.Key)) is { } unknown
            ? throw unknown.First().Bug.Source.Fault(Nearest.Unknown("bug", unknown.Key, catalogue.Keys))
            : [.. catalogue.Values];
    }

    /// <summary>The user's own list of known bugs.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="chosen">Cases that are run, some of which may be of no folder.</param>
    /// <exception cref="UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public Quarantine Quarantine(string? path, IReadOnlyList<Case> chosen)
    {
        if (path is null)
            return Scenarios.Quarantine.Empty;
        // What a kernel of the user's takes the place of is there to be named as well.
        var all = new ScenarioLoader(folder, vocabulary with { InPlace = [], SystemdInPlace = [] }, own).Load([]);
        return Scenarios.Quarantine.Load(path, vocabulary, [.. chosen, .. all], Bugs());
    }

    /// <summary>
    /// The same case with other values in some of its dimensions, also such as its file does not name.
    /// </summary>
    /// <param name="values">Dimension to value; kernels must be in the vocabulary.</param>
    /// <returns>Null where the file excludes that cell.</returns>
    /// <exception cref="UsageException">The case's file is wrong by now, or a value cannot be.</exception>
    public Case? With(Case @case, IReadOnlyDictionary<string, string> values)
    {
        // A value that the case takes from another dimension follows that one; the rest stays as it is.
        var others = @case.Dimensions.Where(dimension => !values.ContainsKey(dimension.Key)).ToDictionary();
        return ScenarioFile
            .Read(@case.Source.File, vocabulary, oldWords, values)
            .FirstOrDefault(made =>
                others.All(dimension => made.Dimensions.GetValueOrDefault(dimension.Key) == dimension.Value)
            );
    }

    private string[] FilesOf(string word)
    {
        if (IsPath(word))
            return [Path.GetFullPath(word)];
        var shipped = Shipped();
        if (shipped.Length == 0)
            throw new UsageException($"{folder}: found no scenario, expected FAMILY/SCENARIO.yaml");
        string[] meant =
        [
            .. shipped.Where(file => word.Length == 0 || IsPrefix(word, NameOf(file)) || IsPrefix(NameOf(file), word)),
        ];
        return meant.Length > 0
            ? meant
            : throw Unknown(
                word,
                shipped.SelectMany(file => new[] { ScenarioFile.FamilyOf(file), NameOf(file) }).Distinct()
            );
    }

    private static bool IsMeant(string id, Case @case) =>
        IsPrefix(id, @case.Id) || @case.InPlaceOf.Any(before => IsPrefix(id, before));

    /// <summary>The shipped scenarios, then the user's own.</summary>
    private string[] Shipped()
    {
        string[] shipped = Directory.Exists(folder) ? FilesIn(Directory.EnumerateDirectories(folder)) : [];
        if (own is null)
            return shipped;
        if (!Directory.Exists(own))
            throw new UsageException($"there is no folder {own}; name a folder of scenarios of your own");
        string[] files = FilesIn(Directory.EnumerateDirectories(own));
        if (files.Length == 0)
            throw new UsageException($"{own}: found no scenario, expected FAMILY/SCENARIO.yaml");
        var taken = shipped.ToDictionary(NameOf);
        return files.FirstOrDefault(file => taken.ContainsKey(NameOf(file))) is { } second
            ? throw new SourceLocation(DisplayPath.Of(second), 1, 1).Fault(
                $"there is a scenario '{NameOf(second)}' already ({DisplayPath.Of(taken[NameOf(second)])}); call yours "
                    + "something else"
            )
            : [.. shipped, .. files];
    }

    private static string[] FilesIn(IEnumerable<string> families) =>
        [
            .. families
                .SelectMany(family => Directory.EnumerateFiles(family))
                .Where(IsPath)
                .Select(Path.GetFullPath)
                .Order(StringComparer.Ordinal),
        ];

    private static string NameOf(string file) =>
        $"{ScenarioFile.FamilyOf(file)}/{Path.GetFileNameWithoutExtension(file)}";

    private static bool IsPath(string word) => Extensions.Contains(Path.GetExtension(word));

    private static bool IsPrefix(string word, string id) =>
        word.Length == 0 || id == word || (id.StartsWith(word, StringComparison.Ordinal) && id[word.Length] == '/');

    private static UsageException Unknown(string word, IEnumerable<string> known)
    {
        string[] names = [.. known];
        if (word.EndsWith(".deb", StringComparison.Ordinal))
            return new UsageException($"{Nearest.Quote(word)} is a package; to test its kernel: cycle --kernel {word}");
        var nearest = Nearest.To(word, names);
        return new UsageException(
            $"unknown family, scenario or case {Nearest.Quote(word)}; "
                + (
                    nearest is null
                        ? $"nearest are {string.Join(", ", Nearest.Few(word, names))}; `pstorelab list` has all"
                        : $"did you mean '{nearest}'?"
                )
        );
    }
}
