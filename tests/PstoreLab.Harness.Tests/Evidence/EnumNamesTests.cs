using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Evidence;

/// <summary>
/// Evidence outlives the order of an enum: names are written for all of them, and the plan has a format number.
/// </summary>
public class EnumNamesTests
{
    /// <summary>The names, in JSON, of all properties whose value is an enum's.</summary>
    private static IReadOnlySet<string> Properties { get; } =
        typeof(Plan)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetProperties())
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            .ToHashSet();

    [Test]
    public void A_plan_has_a_number_and_no_enum_is_one()
    {
        using var folder = new ScratchFolder();
        var @case = PlanBench.Case(
            PlanBench.Boot(
                options: BootOptions.None with
                {
                    Systemd = "bookworm",
                    CaptureKernel = CaptureKernel.Loaded,
                }
            ),
            PlanBench.Crash(),
            PlanBench.Damage(new FlipBits(1, PstoreLab.Records.Stores.RegionKind.Data, null, 1, 1)),
            PlanBench.Cold(),
            PlanBench.Expect(
                PlanBench.Records(PlanBench.Panic() with { Content = RecordContent.WholeOrBroken }) with
                {
                    Archiver = ArchiverOutcome.Failed,
                    Vmcore = new ExpectedVmcore(VmcoreOutcome.None, CrashNumber.Last),
                    Archive =
                    [
                        new ExpectedArchive(
                            PlanBench.Line(20),
                            "dmesg",
                            null,
                            CrashNumber.Last,
                            ArchiveForm.Split,
                            null,
                            RecordContent.Any
                        ),
                    ],
                }
            )
        );
        var plan = PlanBench.Plan(@case, folder);
        using var json = JsonDocument.Parse(EvidenceJson.Text(plan));
        Assert.That(json.RootElement.GetProperty("format").GetInt32(), Is.EqualTo(Plan.CurrentFormat));
        Assert.That(plan.Steps.OfType<Crash>(), Is.Not.Empty);
        string[] found = [.. Of(json.RootElement).Where(one => one != $"format={Plan.CurrentFormat}")];
        Assert.That(found, Is.SupersetOf(["end=reset", "archiver=failed", "form=split", "content=whole-or-broken"]));
        Assert.That(found.Where(one => char.IsAsciiDigit(one[one.IndexOf('=') + 1])), Is.Empty);
    }

    private static IEnumerable<string> Of(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(Of),
            JsonValueKind.Object => json.EnumerateObject()
                .SelectMany(property =>
                    Properties.Contains(property.Name)
                    && property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                        ? [$"{property.Name}={property.Value}"]
                        : Of(property.Value)
                ),
            _ => [],
        };
}
