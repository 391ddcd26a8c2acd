using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>A number of bytes, written as <c>65536</c>, <c>64K</c> or <c>1M</c>.</summary>
internal readonly partial record struct ByteSize(long Bytes)
{
    public const string Pattern = "^[0-9]+[KM]?$";

    private const long Largest = 1L << 30;

    public static ByteSize Parse(Text text, string key)
    {
        if (!Valid().IsMatch(text.Value))
            throw text.Source.Fault(
                $"found {Nearest.Quote(text.Value)}, expected a size for '{key}', such as 65536, 64K or 1M"
            );
        var unit = text.Value[^1] switch
        {
            'K' => 1L << 10,
            'M' => 1L << 20,
            _ => 1L,
        };
        return long.TryParse(text.Value.TrimEnd('K', 'M'), out var count) && count > 0 && count <= Largest / unit
            ? new ByteSize(count * unit)
            : throw text.Source.Fault(
                $"found {Nearest.Quote(text.Value)}, expected a size from 1 to 1024M for '{key}'"
            );
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Valid();
}
