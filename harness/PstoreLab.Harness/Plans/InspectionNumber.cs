using System.Text.Json.Serialization;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Plans;

/// <summary>Number of an inspection of a case, from 1.</summary>
[JsonConverter(typeof(NumberConverter<InspectionNumber>))]
public readonly record struct InspectionNumber(int Value) : INumbered<InspectionNumber>
{
    public static InspectionNumber From(int value) => new(value);

    public override string ToString() => $"{Value}";
}
