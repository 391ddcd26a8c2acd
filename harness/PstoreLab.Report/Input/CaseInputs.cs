using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Report.Input;

/// <summary>What a case was run with, beside its kernels.</summary>
/// <param name="Qemu">As QEMU greeted; null where that is not known.</param>
/// <param name="Systemd">Versions by the name of the guest.</param>
/// <param name="Scenario">All steps and expectations, without what is new at each run.</param>
internal sealed record CaseInputs(string? Qemu, IReadOnlyDictionary<string, string> Systemd, string Scenario)
{
    // New at each run, or of the machine and not of the scenario.
    private static readonly HashSet<string> NotOfTheScenario =
    [
        "nonce",
        "source",
        "start",
        "qemu",
        "disk",
        "under",
        "seed",
        "machine",
        "kernels",
        "files",
        "accelerator",
        "systemdVersion",
    ];

    /// <returns>Null where there is no plan.</returns>
    public static CaseInputs? Of(CaseFolder? folder)
    {
        try
        {
            if (folder is null || !EvidenceReader.IsKept(folder.Plan))
                return null;
            var json = JsonNode.Parse(EvidenceReader.Text(folder.Plan));
            Strip(json);
            var plan = PlanFile.Read(folder.Plan);
            return new CaseInputs(QemuOf(folder), SystemdOf(plan), json!.ToJsonString());
        }
        catch (Exception e) when (e is LabException or JsonException)
        {
            return null;
        }
    }

    public static IReadOnlyDictionary<string, string> SystemdOf(Plan plan) =>
        plan
            .Steps.OfType<PowerOn>()
            .Select(on => on.Systemd)
            .OfType<PlannedSystemd>()
            .DistinctBy(guest => guest.Name)
            .ToDictionary(guest => guest.Name, guest => guest.SystemdVersion ?? "not known");

    /// <summary>The version that QEMU names first of all; null where it left none.</summary>
    public static string? QemuOf(CaseFolder folder)
    {
        try
        {
            string log = folder.Boot(new BootNumber(1)).Qmp;
            if (!EvidenceReader.IsKept(log))
                return null;
            string first = File.ReadLines(log).FirstOrDefault() ?? "";
            var version = JsonNode.Parse(first)?["QMP"]?["version"];
            var number = version?["qemu"];
            string package = version?["package"]?.ToString() ?? "";
            return number is null
                ? null
                : $"{number["major"]}.{number["minor"]}.{number["micro"]}{(package.Length > 0 ? $" ({package})" : "")}";
        }
        catch (Exception e)
            when (e
                    is LabException
                        or JsonException
                        or IOException
                        or InvalidOperationException
                        or UnauthorizedAccessException
            )
        {
            return null;
        }
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject table)
        {
            foreach (string key in table.Select(pair => pair.Key).Where(NotOfTheScenario.Contains).ToList())
                table.Remove(key);
            foreach (var pair in table)
                Strip(pair.Value);
        }
        else if (node is JsonArray list)
        {
            foreach (var entry in list)
                Strip(entry);
        }
    }
}
