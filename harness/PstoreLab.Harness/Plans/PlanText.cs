using System.Text;
using PstoreLab.Harness.Backends;

namespace PstoreLab.Harness.Plans;

/// <summary>A plan for a person: what <c>explain</c> prints.</summary>
public static class PlanText
{
    public static string Of(Plan plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"{plan.Case}: {plan.Summary}");
        foreach (var kernel in plan.Kernels)
            text.AppendLine($"  kernel   {kernel.Name} = {kernel.Described}");
        text.AppendLine($"  backend  {plan.Backend}, {Empty(plan.Store)}");
        foreach (var other in plan.Others)
            text.AppendLine($"  unused   {other.Backend}, {Empty(other.Store)}, which must be given nothing");
        if (plan.Appended is { } appended)
            text.AppendLine($"  appended {appended}");
        text.AppendLine($"  machine  {plan.Machine}, {plan.Accelerator}, {plan.MemoryMiB} MiB");
        foreach (var file in plan.Files)
            text.AppendLine($"  file     {file.Name} = {file.Source}");
        if (plan.StartsAfter is { } start)
            text.AppendLine(
                $"  start    after step {start.Step} of {start.Case}, with the store and evidence from there"
            );
        int number = 0;
        foreach (var (boot, step) in plan.StepsWithBoots())
            text.AppendLine($"{$"{++number}".PadLeft(3)}. {step.Describe(boot)}");
        foreach (var known in plan.Known)
            text.AppendLine(
                $"known bug {known.Bug}{(known.ByChance ? ", by chance" : "")}: instead, inspect /sys/fs/pstore "
                    + $"({known.Instead.Source}): "
                    + ExpectationText.Of(known.Instead)
            );
        foreach (var tolerated in plan.Tolerated ?? [])
            text.AppendLine(
                $"known bug {tolerated.Bug} ({tolerated.Source}): what does not hold may be "
                    + string.Join(" or ", tolerated.Findings.Select(finding => $"\"{finding}\""))
            );
        return text.ToString().TrimEnd();
    }

    private static string Empty(StoreTemplate store) =>
        store.CopyOf is null ? $"an empty store of {store.Size} bytes" : $"a copy of {store.CopyOf}";
}
