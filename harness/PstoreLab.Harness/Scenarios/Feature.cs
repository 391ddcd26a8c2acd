using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Something that pstore documents: a row of the coverage table.</summary>
/// <param name="Name">As under <c>covers</c> in scenarios.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Documented">Where it is documented or, where nowhere, implemented.</param>
/// <param name="Elsewhere">Why no case shows it on the other kernels or backends, though they have it; null where all
/// should be shown.</param>
public sealed record Feature(string Name, string Title, string Documented, string? Elsewhere, SourceLocation Source)
{
    /// <summary>Backends, kernels or ranges of kernels that do not have it, each with why.</summary>
    internal IReadOnlyList<(ValueMatch Where, string Why)> Without { get; private init; } = [];

    /// <summary>Why there is no case for a backend and a kernel; null where one should be.</summary>
    public string? AbsenceOn(string backend, string kernel) =>
        Without
            .Where(entry => entry.Where.Matches(backend) || entry.Where.Matches(kernel))
            .Select(entry => entry.Why)
            .FirstOrDefault()
        ?? Elsewhere;

    /// <summary>Reads <c>features.yaml</c>.</summary>
    /// <exception cref="Faults.UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public static IReadOnlyList<Feature> Load(string path)
    {
        var document = new Binder(cell: null, new HashSet<OldWord>()).Bind<FeatureListDocument>(
            YamlTree.Parse(SourceText.Read(path))
        );
        var features = document.Features.Select(Read).ToList();
        var twice = features.GroupBy(feature => feature.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? features
            : throw twice.Last().Source.Fault($"found the feature '{twice.Key}' a second time, expected each once");
    }

    private static Feature Read(FeatureDocument document) =>
        new(
            document.Name.Value,
            document.Title.Value,
            document.Documented.Value,
            document.Elsewhere?.Value,
            document.Source
        )
        {
            Without =
            [
                .. (document.Without?.Entries ?? []).Select(entry =>
                    (
                        ValueMatch.Parse(entry.Name.Value, message => entry.Name.Source.Fault(message)),
                        entry.Values[0].Value
                    )
                ),
            ],
        };
}
