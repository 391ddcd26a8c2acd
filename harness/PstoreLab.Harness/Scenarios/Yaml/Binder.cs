namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>Binds YAML to document types, and says where and why when it does not fit.</summary>
/// <param name="cell">What <c>${…}</c> stands for; without a cell it is left as it is.</param>
/// <param name="oldWords">Receives the words that have another name now, also those of templates bound later.</param>
internal sealed class Binder(Cell? cell, ISet<OldWord> oldWords)
{
    public T Bind<T>(YamlMap map)
        where T : Document => (T)BindDocument(DocumentShape.Of(typeof(T)), map);

    public object Bind(Type type, YamlNode node, DocumentKey key)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Text))
            return BindText(node, key);
        if (type == typeof(int))
            return BindNumber(node, key);
        if (type == typeof(ByteSize))
            return ByteSize.Parse(Scalar(node, key, "a size such as 64K"), key.Name);
        if (type.IsEnum)
            return BindEnum(type, node, key);
        if (type == typeof(Table))
            return BindTable(node, key);
        if (type.IsAssignableTo(typeof(Document)))
            return BindDocument(type, node, key);
        var generic = type.GetGenericTypeDefinition();
        return generic == typeof(Template<>)
            ? Activator.CreateInstance(type, node, key, oldWords)!
            : BindList(type.GetGenericArguments()[0], node, key);
    }

    private Document BindDocument(Type type, YamlNode node, DocumentKey key)
    {
        var shape = DocumentShape.Of(type);
        switch (node)
        {
            case YamlMap map:
                return BindDocument(shape, map);
            case YamlScalar { IsNull: true } when key.MayBeEmpty:
                return New(shape, node);
            case YamlScalar { IsNull: false } when shape.Shorthand is { } shorthand:
                var document = New(shape, node);
                shorthand.Property.SetValue(document, Bind(shorthand.Property.PropertyType, node, shorthand));
                return document;
            default:
                throw node.Source.Fault(
                    $"found {node.Kind}, expected a mapping for '{key.Name}' with {string.Join(", ", shape.Names)}"
                );
        }
    }

    private Document BindDocument(DocumentShape shape, YamlMap map)
    {
        var document = New(shape, map);
        var found = new HashSet<string>();
        // All keys before any value: a misspelt key explains more than what its absence breaks.
        foreach (var (name, _) in map.Entries)
        {
            var key = shape.Find(name);
            if (!found.Add(key.Name))
                throw name.Source.Fault(
                    $"found both '{key.Name}' and '{key.Formerly}', its name before; expected '{key.Name}' alone"
                );
            if (name.Value == key.Formerly)
                oldWords.Add(new OldWord(name.Source, name.Value, key.Name));
        }

        foreach (var key in shape.Keys.Where(key => key.Required && !found.Contains(key.Name)))
            throw map.Source.Fault($"the key '{key.Name}' is missing, expected {key.Name}: {key.Description}");
        string[] chosen = [.. found.Intersect(shape.ExactlyOneOf)];
        if (shape.ExactlyOneOf.Count > 0 && chosen.Length != 1)
        {
            var there = chosen.Length == 0 ? "none" : string.Join(" and ", chosen);
            throw map.Source.Fault($"found {there}, expected exactly one of {string.Join(", ", shape.ExactlyOneOf)}");
        }

        foreach (var (name, value) in map.Entries)
        {
            var key = shape.Find(name);
            key.Property.SetValue(document, Bind(key.Property.PropertyType, value, key));
        }

        return document;
    }

    private static Document New(DocumentShape shape, YamlNode node)
    {
        var document = (Document)Activator.CreateInstance(shape.Type)!;
        document.Source = node.Source;
        return document;
    }

    private Array BindList(Type item, YamlNode node, DocumentKey key)
    {
        if (key.OrNone && node is YamlScalar scalar && Fill(scalar).Value == "none")
            return Array.CreateInstance(item, 0);
        var nodes = node is YamlList list ? list.Items : [node];
        var bound = Array.CreateInstance(item, nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
            bound.SetValue(Bind(item, nodes[i], key), i);
        return bound;
    }

    private Table BindTable(YamlNode node, DocumentKey key)
    {
        if (node is not YamlMap map)
            throw node.Source.Fault($"found {node.Kind}, expected a mapping of names to values for '{key.Name}'");
        return new Table([
            .. map.Entries.Select(entry => new TableEntry(
                entry.Key with
                {
                    Value = Fill(entry.Key).Value,
                },
                Values(entry.Value)
            )),
        ]);

        Text[] Values(YamlNode value) =>
            value switch
            {
                YamlList list when !key.OneValueEach => [.. list.Items.Select(item => BindText(item, key))],
                _ => [BindText(value, key)],
            };
    }

    private Text BindText(YamlNode node, DocumentKey key)
    {
        if (key.MayBeEmpty && node is YamlScalar { IsNull: true } empty)
            return new Text("", empty);
        var text = Scalar(
            node,
            key,
            key.AllowedValues is null ? "text" : $"one of {string.Join(", ", key.AllowedValues)}"
        );
        if (key.AllowedValues is { } allowed && !allowed.Contains(text.Value))
            throw text.Source.Fault(Nearest.Unknown(key.Name, text.Value, allowed));
        return text;
    }

    private int BindNumber(YamlNode node, DocumentKey key)
    {
        var (lowest, highest) = key.Range is { } range
            ? ((int)range.Minimum, (int)range.Maximum)
            : (int.MinValue, int.MaxValue);
        var expected = $"a number from {lowest} to {highest}";
        var text = Scalar(node, key, expected);
        return int.TryParse(text.Value, out var number) && number >= lowest && number <= highest
            ? number
            : throw text.Source.Fault($"found {Nearest.Quote(text.Value)}, expected {expected} for '{key.Name}'");
    }

    private object BindEnum(Type type, YamlNode node, DocumentKey key)
    {
        var names = EnumNames.Of(type);
        string[] words = [.. names.Select(name => name.Name)];
        var text = Scalar(node, key, $"one of {string.Join(", ", words)}");
        var index = Array.IndexOf(words, text.Value);
        if (index >= 0)
            return names[index].Value;
        var renamed =
            EnumNames.Formerly(type, text.Value)
            ?? throw text.Source.Fault(Nearest.Unknown(key.Name, text.Value, words));
        oldWords.Add(new OldWord(text.Source, text.Value, EnumNames.Of(renamed)));
        return renamed;
    }

    private Text Scalar(YamlNode node, DocumentKey key, string expected) =>
        node is YamlScalar { IsNull: false } scalar
            ? Fill(scalar)
            : throw node.Source.Fault($"found {node.Kind}, expected {expected} for '{key.Name}'");

    private Text Fill(YamlScalar scalar) => cell is null ? new Text(scalar.Value, scalar) : cell.Fill(scalar);
}
