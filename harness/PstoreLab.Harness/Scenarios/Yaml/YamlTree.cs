using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>
/// Builds the tree of one document from YamlDotNet's events. The representation model of the library is not used
/// because it expands neither safely nor with limits: a few lines of aliases can stand for billions of nodes, and an
/// anchor can hold itself.
/// </summary>
internal sealed partial class YamlTree
{
    private const int MaxDepth = 32;
    private const int MaxWeight = 20_000;

    // `${` is legal in block context only: in { cold: ${reader} } the brace would open a mapping. Private-use
    // characters of the same width stand in while YAML is parsed, so that columns stay true.
    private const char OpenBrace = '\uE000';
    private const char CloseBrace = '\uE001';

    private readonly string file;
    private readonly Parser parser;
    private readonly Dictionary<AnchorName, YamlNode> anchors = [];
    private readonly HashSet<AnchorName> open = [];
    private int weight;

    private YamlTree(SourceText source)
    {
        file = source.File;
        parser = new Parser(new StringReader(Placeholder().Replace(source.Text, $"${OpenBrace}$1{CloseBrace}")));
    }

    public static YamlMap Parse(SourceText source)
    {
        try
        {
            return new YamlTree(source).Document();
        }
        catch (YamlException e)
        {
            var problem = e.Message.Replace(OpenBrace, '{').Replace(CloseBrace, '}').TrimEnd('.');
            throw new SourceLocation(source.File, e.Start.Line, e.Start.Column).Fault($"not YAML: {problem}");
        }
    }

    private YamlMap Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            throw new SourceLocation(file, 1, 1).Fault("found an empty file, expected a scenario");
        var root = Node(1);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            throw At(second).Fault("found a second document, expected one scenario in a file");
        return root as YamlMap
            ?? throw root.Source.Fault(
                $"found {root.Kind}, expected a mapping with the keys scenario, summary, steps, …"
            );
    }

    private YamlNode Node(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Follow(alias);
        var start = parser.Consume<NodeEvent>();
        if (depth > MaxDepth)
            throw At(start).Fault($"found nesting deeper than {MaxDepth}, expected a scenario");
        Count(start, 1 + (start is Scalar { Value.Length: var length } ? length / 64 : 0));

        if (!start.Anchor.IsEmpty)
            open.Add(start.Anchor);
        YamlNode node = start switch
        {
            Scalar scalar => Scalar(scalar),
            SequenceStart => List(start, depth),
            _ => Map(start, depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            open.Remove(start.Anchor);
            anchors[start.Anchor] = node;
        }

        return node;
    }

    private YamlNode Follow(AnchorAlias alias)
    {
        if (open.Contains(alias.Value))
            throw At(alias)
                .Fault($"found the alias '*{alias.Value}' inside its own anchor, expected a value that ends");
        if (!anchors.TryGetValue(alias.Value, out var node))
            throw At(alias).Fault($"found the alias '*{alias.Value}', expected an anchor '&{alias.Value}' before it");
        Count(alias, node.Weight);
        return node;
    }

    private YamlScalar Scalar(Scalar scalar) =>
        new(
            At(scalar),
            scalar.Value.Replace(OpenBrace, '{').Replace(CloseBrace, '}'),
            scalar.Style is not ScalarStyle.Plain,
            scalar.Start.Line == scalar.End.Line && scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded)
        );

    private YamlList List(ParsingEvent start, int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new YamlList(At(start), 1 + items.Sum(item => item.Weight), items);
    }

    private YamlMap Map(ParsingEvent start, int depth)
    {
        var entries = new List<(YamlScalar Key, YamlNode Value)>();
        var seen = new Dictionary<string, SourceLocation>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var node = Node(depth + 1);
            if (node is not YamlScalar { IsNull: false } key)
                throw node.Source.Fault($"found {node.Kind} as a key, expected a name");
            if (!seen.TryAdd(key.Value, key.Source))
            {
                throw key.Source.Fault(
                    $"found the key {Nearest.Quote(key.Value)} again, expected it once (first on line "
                        + $"{seen[key.Value].Line})"
                );
            }

            entries.Add((key, Node(depth + 1)));
        }

        return new YamlMap(At(start), 1 + entries.Sum(entry => entry.Key.Weight + entry.Value.Weight), entries);
    }

    private void Count(ParsingEvent at, int nodes)
    {
        weight += nodes;
        if (weight > MaxWeight)
            throw At(at).Fault($"found more than {MaxWeight} values with aliases followed, expected a scenario");
    }

    private SourceLocation At(ParsingEvent e) => new(file, e.Start.Line, e.Start.Column);

    [GeneratedRegex(@"\$\{([^{}""'\r\n]*)\}")]
    private static partial Regex Placeholder();
}
