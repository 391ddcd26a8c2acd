using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Harness.Images;

/// <summary>The kernels that scenarios may name: <c>images/kernels.yaml</c>, checked.</summary>
public sealed partial class KernelCatalogue
{
    private readonly Dictionary<string, KernelEntry> _entries;

    private KernelCatalogue(Dictionary<string, KernelEntry> entries) => _entries = entries;

    /// <summary>Names in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>What a name stands for.</summary>
    /// <exception cref="UsageException">No such name; lists those there are.</exception>
    public KernelEntry this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new UsageException($"There is no kernel '{name}' in the catalogue; it has {string.Join(", ", Names)}.");

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

    /// <summary>Reads a catalogue.</summary>
    /// <exception cref="UsageException">It cannot be read or is wrong; the message begins with file:line:column.</exception>
    public static KernelCatalogue Load(string path)
    {
        try
        {
            using var reader = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(reader);
            return new KernelCatalogue(new Reader(path).Read(stream));
        }
        catch (YamlException e)
        {
            throw new UsageException($"{path}:{e.Start.Line}:{e.Start.Column}: not valid YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the kernel catalogue cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Walks the nodes rather than deserializing, so that every complaint has a place.</summary>
    private sealed partial class Reader(string path)
    {
        private const string BuildKey = "build";

        private static readonly string[] EntryKeys = ["suite", "package"];

        public Dictionary<string, KernelEntry> Read(YamlStream stream)
        {
            if (stream.Documents.Count == 0)
                throw new UsageException($"{path}:1:1: the file is empty; expected a mapping 'kernels:'.");
            var root = Mapping(stream.Documents[0].RootNode, "the catalogue");
            CheckKeys(root, ["kernels"], "the catalogue");
            return Mapping(root.Children["kernels"], "'kernels'").Children
                .Select(child => Entry(child.Key, child.Value))
                .ToDictionary(entry => entry.Name);
        }

        private KernelEntry Entry(YamlNode key, YamlNode value)
        {
            var name = Text(key, "a kernel's name");
            if (!KernelName.IsOne(name))
                throw Wrong(key, $"'{name}' cannot be a kernel's name: {KernelName.Rule}.");
            var entry = Mapping(value, $"'{name}'");
            bool built = entry.Children.ContainsKey(BuildKey);
            var mapping = built ? Mapping(Only(entry, BuildKey, $"'{name}'"), $"'{BuildKey}' of '{name}'") : entry;
            CheckKeys(mapping, EntryKeys, $"'{name}'");
            var suite = Text(mapping.Children["suite"], "'suite'");
            if (!SuitePattern().IsMatch(suite))
                throw Wrong(mapping.Children["suite"], $"'{suite}' is not the name of a suite, such as 'bookworm' or 'trixie-backports'.");
            return new KernelEntry(name, built ? KernelKind.Built : KernelKind.Packaged, suite, Pattern(mapping.Children["package"]), Place(key));
        }

        private YamlNode Only(YamlMappingNode mapping, string key, string what)
        {
            CheckKeys(mapping, [key], what);
            return mapping.Children[key];
        }

        private Regex Pattern(YamlNode node)
        {
            var pattern = Text(node, "'package'");
            try
            {
                return new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            }
            catch (ArgumentException e)
            {
                throw Wrong(node, $"'package' is not a regular expression: {e.Message}");
            }
        }

        private void CheckKeys(YamlMappingNode mapping, string[] expected, string what)
        {
            foreach (var key in mapping.Children.Keys)
            {
                if (key is not YamlScalarNode { Value: { } word } || !expected.Contains(word))
                    throw Wrong(key, $"{what} has an unknown key '{key}'; expected {string.Join(", ", expected)}.");
            }
            foreach (var key in expected.Where(key => !mapping.Children.ContainsKey(key)))
                throw Wrong(mapping, $"{what} has no '{key}'.");
        }

        private YamlMappingNode Mapping(YamlNode node, string what) =>
            node as YamlMappingNode ?? throw Wrong(node, $"{what} must be a mapping.");

        private string Text(YamlNode node, string what) =>
            node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : throw Wrong(node, $"{what} must be a word.");

        private UsageException Wrong(YamlNode node, string what) => new($"{Place(node)}: {what}");

        private string Place(YamlNode node) => $"{path}:{node.Start.Line}:{node.Start.Column}";

        [GeneratedRegex(@"\A[a-z][a-z0-9._-]*\z")]
        private static partial Regex SuitePattern();
    }
}
