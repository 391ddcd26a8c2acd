using System.Text.Json;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>Reads a case's <c>plan.json</c>.</summary>
public static class PlanFile
{
    /// <summary>The plan; null when there is none.</summary>
    /// <exception cref="UsageException">It is of another format than this PstoreLab writes.</exception>
    /// <exception cref="JsonException">It holds something else.</exception>
    public static Plan? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        string text = File.ReadAllText(path);
        using var json = JsonDocument.Parse(text);
        int format =
            json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("format", out var number)
            && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out int value)
                ? value
                : 0;
        return format == Plan.CurrentFormat
            ? EvidenceJson.Parse<Plan>(text)
            : throw new UsageException(
                $"{path} is of format {format}, and this PstoreLab reads format {Plan.CurrentFormat}: use the "
                    + "PstoreLab that ran the case"
            );
    }
}
