using System.Text.Json.Serialization;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Number of a boot of a case, from 1.</summary>
[JsonConverter(typeof(NumberConverter<BootNumber>))]
public readonly record struct BootNumber(int Value) : INumbered<BootNumber>
{
    public static BootNumber From(int value) => new(value);

    public override string ToString() => $"{Value}";
}
