namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A scalar may stand for the whole mapping: it is the value of the named property.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShorthandAttribute(string property) : Attribute
{
    public string Property => property;

    /// <summary>Whether the property has no key of its own.</summary>
    public bool Only { get; init; }
}

/// <summary>A key that people will try, with the reason why it cannot be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RefusedAttribute(string why) : Attribute
{
    public string Why => why;
}

/// <summary>A value that may be left out after its key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayBeEmptyAttribute : Attribute;

/// <summary>A table that has one value for each name, not a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneValueEachAttribute : Attribute;

/// <summary>A list for which the word <c>none</c> may stand when it is empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OrNoneAttribute : Attribute;

/// <summary>A mapping in which exactly one of these keys stands.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ExactlyOneOfAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys => keys;
}

/// <summary>The word that stood for this key or value before; it stays readable for one version.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class FormerlyAttribute(string word) : Attribute
{
    public string Word => word;
}
