using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>
/// What a document type says about itself: the one source of the binder, its error messages and the JSON schema.
/// </summary>
internal sealed class DocumentShape
{
    private static readonly ConcurrentDictionary<Type, DocumentShape> Known = new();

    private readonly Dictionary<string, DocumentKey> byName;

    private DocumentShape(Type type)
    {
        Type = type;
        var shorthand = type.GetCustomAttribute<ShorthandAttribute>();
        DocumentKey[] all =
        [
            .. type.GetProperties()
                .Where(property => property.Name != nameof(Document.Source))
                .Select(property => new DocumentKey(property)),
        ];
        Shorthand = Array.Find(all, key => key.Property.Name == shorthand?.Property);
        Keys = [.. all.Where(key => key != Shorthand || !shorthand!.Only)];
        byName = Keys.Concat(Keys.Where(key => key.Formerly is not null))
            .Select((key, i) => (Name: i < Keys.Count ? key.Name : key.Formerly!, Key: key))
            .ToDictionary(named => named.Name, named => named.Key);
        ExactlyOneOf = type.GetCustomAttribute<ExactlyOneOfAttribute>()?.Keys ?? [];
    }

    public Type Type { get; }

    public IReadOnlyList<DocumentKey> Keys { get; }

    /// <summary>The property that a scalar in place of the mapping sets.</summary>
    public DocumentKey? Shorthand { get; }

    public IReadOnlyList<string> ExactlyOneOf { get; }

    public IReadOnlyCollection<string> Names => [.. Keys.Where(key => key.Refused is null).Select(key => key.Name)];

    public static DocumentShape Of(Type type) => Known.GetOrAdd(type, static type => new DocumentShape(type));

    public DocumentKey Find(YamlScalar name)
    {
        if (!byName.TryGetValue(name.Value, out var key))
            throw name.Source.Fault(Nearest.Unknown("key", name.Value, Names));
        return key.Refused is null ? key : throw name.Source.Fault(key.Refused);
    }
}

/// <summary>One key of a document type.</summary>
internal sealed class DocumentKey(PropertyInfo property)
{
    public PropertyInfo Property => property;

    public string Name { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);

    /// <summary>The key's name in the version before; null where it has not changed.</summary>
    public string? Formerly { get; } = property.GetCustomAttribute<FormerlyAttribute>()?.Word;

    public bool Required { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    public bool MayBeEmpty { get; } = property.IsDefined(typeof(MayBeEmptyAttribute));

    public bool OneValueEach { get; } = property.IsDefined(typeof(OneValueEachAttribute));

    public bool OrNone { get; } = property.IsDefined(typeof(OrNoneAttribute));

    public string? Refused { get; } = property.GetCustomAttribute<RefusedAttribute>()?.Why;

    public RangeAttribute? Range { get; } = property.GetCustomAttribute<RangeAttribute>();

    public IReadOnlyList<string>? AllowedValues { get; } =
        property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.OfType<string>().ToArray();

    public string? Description => property.GetCustomAttribute<DescriptionAttribute>()?.Description;
}
