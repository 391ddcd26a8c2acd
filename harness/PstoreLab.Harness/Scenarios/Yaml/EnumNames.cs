using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>
/// The words for an enum's values: kebab-case, unless <see cref="JsonStringEnumMemberNameAttribute"/> says otherwise.
/// </summary>
internal static class EnumNames
{
    public static IReadOnlyList<(string Name, object Value)> Of(Type type) =>
        [.. Enum.GetValues(type).Cast<object>().Select(value => (Of(value), value))];

    /// <summary>The word for one value.</summary>
    public static string Of(object value)
    {
        var member = value.ToString()!;
        return value.GetType().GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member);
    }

    /// <summary>The value whose word this was in the version before; null for none.</summary>
    public static object? Formerly(Type type, string word) =>
        Enum.GetValues(type)
            .Cast<object>()
            .FirstOrDefault(value =>
                type.GetField(value.ToString()!)!.GetCustomAttribute<FormerlyAttribute>()?.Word == word
            );
}
