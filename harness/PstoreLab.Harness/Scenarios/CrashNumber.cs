using System.Text.Json.Serialization;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Number of a crash of a case, from 1: every step that writes marker lines begins one.</summary>
/// <remarks>A scenario may leave it open, which means <see cref="Last"/>; a plan never does.</remarks>
[JsonConverter(typeof(NumberConverter<CrashNumber>))]
public readonly record struct CrashNumber(int Value) : INumbered<CrashNumber>
{
    /// <summary>Whichever crash was the last before.</summary>
    public static CrashNumber Last => default;

    public static CrashNumber From(int value) => new(value);

    public override string ToString() => $"{Value}";
}
