using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Harness.Kernels;

/// <summary>The kernels that scenarios may name: <c>images/kernels.yaml</c>, checked.</summary>
public sealed class KernelCatalogue
{
    private const string BuildKey = "build";

    private static readonly string[] EntryKeys = ["suite", "package"];

    private readonly Dictionary<string, KernelEntry> _entries;

    private KernelCatalogue(Dictionary<string, KernelEntry> entries) => _entries = entries;

    /// <summary>Names in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>What a name stands for.</summary>
    /// <exception cref="UsageException">No such name; lists those there are.</exception>
    public KernelEntry this[string name] =>
        _entries.TryGetValue(name, out var entry)
            ? entry
            : throw new UsageException(Nearest.Unknown("kernel", name, Names));

    /// <summary>Whether the catalogue has this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The same with further kernels at its end; a name that is there already keeps its meaning.</summary>
    public KernelCatalogue With(IEnumerable<KernelEntry> more)
    {
        var entries = new Dictionary<string, KernelEntry>(_entries);
        foreach (var entry in more)
            entries.TryAdd(entry.Name, entry);
        return new KernelCatalogue(entries);
    }

    /// <summary>The same with the kernels of another file at its end.</summary>
    /// <param name="path">Null for none.</param>
    /// <exception cref="UsageException">It cannot be read or is wrong, or has a kernel of a name that is
    /// taken.</exception>
    public KernelCatalogue WithFile(string? path)
    {
        if (path is null)
            return this;
        var own = Load(path);
        return own._entries.Values.FirstOrDefault(entry => Contains(entry.Name)) is { } taken
            ? throw new UsageException(
                $"{taken.Origin}: there is a kernel '{taken.Name}' in the catalogue already; call yours something else."
            )
            : With(own._entries.Values);
    }

    /// <summary>Reads a catalogue.</summary>
    /// <exception cref="UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public static KernelCatalogue Load(string path) =>
        new(CatalogueFile.Load(path, "kernels", "a kernel", Entry).ToDictionary(entry => entry.Name));

    private static KernelEntry Entry(CatalogueFile file, string name, YamlNode key, YamlNode value)
    {
        var entry = file.Mapping(value, $"'{name}'");
        bool built = entry.Children.ContainsKey(BuildKey);
        if (built)
            file.CheckKeys(entry, [BuildKey], $"'{name}'");
        var mapping = built ? file.Mapping(entry.Children[BuildKey], $"'{BuildKey}' of '{name}'") : entry;
        file.CheckKeys(mapping, EntryKeys, $"'{name}'");
        return new KernelEntry(
            name,
            built ? KernelKind.Built : KernelKind.Packaged,
            file.Suite(mapping.Children["suite"], "'suite'"),
            Pattern(file, mapping.Children["package"]),
            file.Place(key)
        );
    }

    private static Regex Pattern(CatalogueFile file, YamlNode node)
    {
        var pattern = file.Text(node, "'package'");
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw file.Wrong(node, $"'package' is not a regular expression: {e.Message}");
        }
    }
}
