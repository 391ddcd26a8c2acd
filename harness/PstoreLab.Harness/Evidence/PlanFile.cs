using System.Text.Json;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Evidence;

/// <summary>Reads a case's <c>plan.json</c>.</summary>
public static class PlanFile
{
    /// <exception cref="EvidenceException">It is missing, of another format than this PstoreLab writes, or no plan that
    /// could have been carried out.</exception>
    public static Plan Read(string path)
    {
        int format = FormatOf(EvidenceReader.Text(path), path);
        if (format != Plan.CurrentFormat)
            throw new EvidenceException(
                path,
                $"is of format {format}, and this PstoreLab reads format {Plan.CurrentFormat}: use the PstoreLab that "
                    + "ran the case"
            );
        var plan = EvidenceJson.Kept<Plan>(path);
        return PlanConsistency.FaultOf(plan) is { } fault
            ? throw new EvidenceException(path, $"is no plan that can be carried out: {fault}")
            : plan;
    }

    private static int FormatOf(string text, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("format", out var number)
                && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out int value)
                ? value
                : 0;
        }
        catch (JsonException e)
        {
            throw new EvidenceException(path, $"does not parse: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
