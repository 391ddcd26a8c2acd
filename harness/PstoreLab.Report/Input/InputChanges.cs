using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Input;

/// <summary>What went into a case in one run and not in another.</summary>
internal static class InputChanges
{
    /// <summary>
    /// Whether nothing that PstoreLab knows of differs. Of two that ended alike nobody asks for more than the kernels.
    /// </summary>
    public static bool HasSameInputs(RunResults before, CaseResult old, RunResults now, CaseResult result) =>
        old.Accelerator == result.Accelerator
        && old.Kernels.Select(kernel => (kernel.Name, kernel.Version, kernel.Release))
            .SequenceEqual(result.Kernels.Select(kernel => (kernel.Name, kernel.Version, kernel.Release)))
        && (old.Verdict == result.Verdict || Beside(before, old, now, result) is null or []);

    /// <summary>What differs beside kernels and accelerator; null where that cannot be compared any more.</summary>
    private static List<string>? Beside(RunResults before, CaseResult old, RunResults now, CaseResult result)
    {
        var (a, b) = (CaseInputs.Of(before.FolderOf(old)), CaseInputs.Of(now.FolderOf(result)));
        if (a is null || b is null)
            return null;
        var changes = new List<string>();
        Add(changes, "QEMU", a.Qemu, b.Qemu);
        foreach (string guest in a.Systemd.Keys.Union(b.Systemd.Keys))
            Add(changes, $"systemd of {guest}", a.Systemd.GetValueOrDefault(guest), b.Systemd.GetValueOrDefault(guest));
        if (a.Scenario != b.Scenario)
            changes.Add("the scenario, or what is planned for it, is another");
        return changes;
    }

    /// <summary>Kernel, QEMU, systemd, accelerator and scenario that differ, each as a sentence.</summary>
    public static IReadOnlyList<string> Between(RunResults before, CaseResult old, RunResults now, CaseResult result)
    {
        var changes = new List<string>();
        foreach (var kernel in result.Kernels)
        {
            var was = old.Kernels.FirstOrDefault(one => one.Name == kernel.Name);
            if (was is null)
                changes.Add($"kernel {kernel.Name} ({kernel.Version}) was not booted then");
            else if (was.Version != kernel.Version || was.Release != kernel.Release)
                changes.Add(
                    $"kernel {kernel.Name}: {Both(was.Version, was.Release)} → {Both(kernel.Version, kernel.Release)}"
                );
        }

        Add(changes, "accelerator", old.Accelerator, result.Accelerator);
        if (Beside(before, old, now, result) is not { } beside)
            return [.. changes, "the evidence of one of them is gone: QEMU, systemd and scenario are not compared"];
        changes.AddRange(beside);
        return changes.Count > 0
            ? changes
            : ["nothing that PstoreLab knows of: same kernels, QEMU, systemd, accelerator and scenario"];
    }

    private static void Add(List<string> changes, string what, string? was, string? isNow)
    {
        if (was != isNow)
            changes.Add($"{what}: {was ?? "not known"} → {isNow ?? "not known"}");
    }

    private static string Both(string version, string release) => $"{version} ({release})";
}
