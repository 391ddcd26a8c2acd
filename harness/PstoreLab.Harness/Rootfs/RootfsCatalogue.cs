using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Harness.Rootfs;

/// <summary>Systemd guests by their names: <c>images/rootfs.yaml</c>, checked.</summary>
public sealed class RootfsCatalogue
{
    private readonly Dictionary<string, RootfsEntry> _entries;

    private RootfsCatalogue(Dictionary<string, RootfsEntry> entries) => _entries = entries;

    /// <summary>Names in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>What a name stands for.</summary>
    /// <exception cref="UsageException">No such name; lists those there are.</exception>
    public RootfsEntry this[string name] =>
        _entries.TryGetValue(name, out var entry)
            ? entry
            : throw new UsageException(Nearest.Unknown("systemd guest", name, Names));

    /// <summary>Whether the catalogue has this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads a catalogue.</summary>
    /// <exception cref="UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public static RootfsCatalogue Load(string path) =>
        new(CatalogueFile.Load(path, "rootfs", "a guest", Entry).ToDictionary(entry => entry.Name));

    private static RootfsEntry Entry(CatalogueFile file, string name, YamlNode _, YamlNode value)
    {
        var mapping = file.Mapping(value, $"'{name}'");
        file.CheckKeys(mapping, ["suite"], $"'{name}'", "systemd", "version");
        var systemd = mapping.Children.TryGetValue("systemd", out var node) ? file.Suite(node, "'systemd'") : null;
        var version = mapping.Children.TryGetValue("version", out var number) ? file.Text(number, "'version'") : null;
        return new RootfsEntry(name, file.Suite(mapping.Children["suite"], "'suite'"), systemd, version);
    }
}
