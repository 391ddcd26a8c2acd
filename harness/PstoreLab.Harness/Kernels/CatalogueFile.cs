using System.Text.RegularExpressions;
using PstoreLab.Harness.Faults;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Harness.Kernels;

/// <summary>
/// A YAML file with one mapping of names to entries. Its nodes are walked rather than deserialized, so that every
/// error has a place.
/// </summary>
internal sealed partial class CatalogueFile
{
    private readonly string _path;

    private CatalogueFile(string path) => _path = path;

    /// <summary>Reads the entries, in the order of the file.</summary>
    /// <param name="top">The one key of the file, over the entries.</param>
    /// <param name="what">What a name is the name of: "a kernel".</param>
    /// <param name="entry">Makes an entry of its checked name, the node of that name, and the node of its
    /// value.</param>
    /// <exception cref="UsageException">It cannot be read or is wrong; the message begins with
    /// file:line:column.</exception>
    public static IReadOnlyList<T> Load<T>(
        string path,
        string top,
        string what,
        Func<CatalogueFile, string, YamlNode, YamlNode, T> entry
    )
    {
        try
        {
            using var reader = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 0)
                throw new UsageException($"{path}:1:1: the file is empty; expected a mapping '{top}:'.");
            var file = new CatalogueFile(path);
            var root = file.Mapping(stream.Documents[0].RootNode, "the catalogue");
            file.CheckKeys(root, [top], "the catalogue");
            return
            [
                .. file.Mapping(root.Children[top], $"'{top}'")
                    .Children.Select(child => entry(file, file.Name(child.Key, what), child.Key, child.Value)),
            ];
        }
        catch (YamlException e)
        {
            throw new UsageException($"{path}:{e.Start.Line}:{e.Start.Column}: not valid YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the catalogue cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses a mapping that has other keys than these, or lacks one that is not optional.</summary>
    public void CheckKeys(YamlMappingNode mapping, string[] expected, string what, params string[] optional)
    {
        string[] known = [.. expected, .. optional];
        foreach (var key in mapping.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } word } || !known.Contains(word))
                throw Wrong(key, $"{what} has an unknown key '{key}'; expected {string.Join(", ", known)}.");
        }
        foreach (var key in expected.Where(key => !mapping.Children.ContainsKey(key)))
            throw Wrong(mapping, $"{what} has no '{key}'.");
    }

    public YamlMappingNode Mapping(YamlNode node, string what) =>
        node as YamlMappingNode ?? throw Wrong(node, $"{what} must be a mapping.");

    public string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value.Length: > 0 } scalar
            ? scalar.Value
            : throw Wrong(node, $"{what} must be a word.");

    /// <summary>The name of a Debian suite.</summary>
    public string Suite(YamlNode node, string what)
    {
        var suite = Text(node, what);
        return SuitePattern().IsMatch(suite)
            ? suite
            : throw Wrong(node, $"'{suite}' is not the name of a suite, such as 'bookworm' or 'trixie-backports'.");
    }

    public UsageException Wrong(YamlNode node, string what) => new($"{Place(node)}: {what}");

    /// <summary>Where a node stands, <c>file:line:column</c>.</summary>
    public string Place(YamlNode node) => $"{_path}:{node.Start.Line}:{node.Start.Column}";

    private string Name(YamlNode key, string what)
    {
        var name = Text(key, $"{what}'s name");
        return KernelName.IsOne(name)
            ? name
            : throw Wrong(key, $"'{name}' cannot be {what}'s name: {KernelName.Rule}.");
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9._-]*\z")]
    private static partial Regex SuitePattern();
}
