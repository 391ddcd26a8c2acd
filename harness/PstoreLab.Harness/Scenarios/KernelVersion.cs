using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// The version number in a name such as <c>debian-6.12</c>, <c>6.12.107-1</c> or <c>lab-7.3-rc2</c>, ordered as
/// numbers.
/// </summary>
public sealed partial class KernelVersion : IComparable<KernelVersion>, IEquatable<KernelVersion>
{
    private readonly int[] numbers;
    private readonly int candidate;
    private readonly int revision;

    private KernelVersion(int[] numbers, int candidate, int revision) =>
        (this.numbers, this.candidate, this.revision) = (numbers, candidate, revision);

    /// <summary>
    /// Takes the last dotted number that begins the text or follows a dash, or else the last plain one.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KernelVersion? version)
    {
        var match = Dotted().Matches(text).LastOrDefault() ?? Plain().Matches(text).LastOrDefault();
        version = match is null
            ? null
            : new KernelVersion(
                [.. match.Groups["numbers"].Value.Split('.').Select(int.Parse)],
                match.Groups["candidate"] is { Success: true } candidate ? int.Parse(candidate.Value) : int.MaxValue,
                match.Groups["revision"] is { Success: true } revision ? int.Parse(revision.Value) : 0
            );
        return version is not null;
    }

    public static KernelVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' has no version number in it.");

    /// <summary>Its first two numbers: what formats change with.</summary>
    public Version MajorMinor => new(numbers[0], numbers.ElementAtOrDefault(1));

    /// <summary>
    /// Whether it is the series that another version is one of: 6.1 is that of 6.1.53, and neither of 6.12.1 nor of
    /// 6.1.
    /// </summary>
    public bool IsSeriesOf(KernelVersion other) =>
        candidate == int.MaxValue
        && revision == 0
        && numbers.Length < other.numbers.Length
        && other.numbers.AsSpan().StartsWith(numbers);

    public int CompareTo(KernelVersion? other)
    {
        if (other is null)
            return 1;
        for (var i = 0; i < Math.Max(numbers.Length, other.numbers.Length); i++)
        {
            var order = numbers.ElementAtOrDefault(i).CompareTo(other.numbers.ElementAtOrDefault(i));
            if (order != 0)
                return order;
        }

        return (candidate, revision).CompareTo((other.candidate, other.revision));
    }

    public bool Equals(KernelVersion? other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as KernelVersion);

    // 6.1 and 6.1.0 are equal, so trailing zeros must not count.
    public override int GetHashCode() =>
        HashCode.Combine(numbers[0], numbers.ElementAtOrDefault(1), candidate, revision);

    public override string ToString() =>
        string.Join('.', numbers)
        + (candidate < int.MaxValue ? $"-rc{candidate}" : "")
        + (revision > 0 ? $"-{revision}" : "");

    public static bool operator ==(KernelVersion? left, KernelVersion? right) =>
        left is null ? right is null : left.Equals(right);

    public static bool operator !=(KernelVersion? left, KernelVersion? right) => !(left == right);

    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    [GeneratedRegex(
        @"(?<=^|[-_:vV])(?<numbers>\d{1,9}(\.\d{1,9})+)([-~]?rc(?<candidate>\d{1,9}))?(-(?<revision>\d{1,9})(?!\d))?"
    )]
    private static partial Regex Dotted();

    [GeneratedRegex(@"(?<!\d)(?<numbers>\d{1,9})(?!\d)")]
    private static partial Regex Plain();
}
