using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Input;

/// <summary>What went into a case in one run and not in another.</summary>
internal static class InputChanges
{
    /// <summary>Whether the results name the same kernels and the same accelerator.</summary>
    public static bool HasSameInputs(CaseResult one, CaseResult other) =>
        one.Accelerator == other.Accelerator
        && one.Kernels.Select(kernel => (kernel.Name, kernel.Version, kernel.Release))
            .SequenceEqual(other.Kernels.Select(kernel => (kernel.Name, kernel.Version, kernel.Release)));

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
                changes.Add($"kernel {kernel.Name}: {Both(was.Version, was.Release)} → {Both(kernel.Version, kernel.Release)}");
        }

        Say("accelerator", old.Accelerator, result.Accelerator);
        var (a, b) = (CaseInputs.Of(before.FolderOf(old)), CaseInputs.Of(now.FolderOf(result)));
        if (a is null || b is null)
        {
            changes.Add("the evidence of one of them is gone: QEMU, systemd and scenario are not compared");
            return changes;
        }

        Say("QEMU", a.Qemu, b.Qemu);
        foreach (string guest in a.Systemd.Keys.Union(b.Systemd.Keys))
            Say($"systemd of {guest}", a.Systemd.GetValueOrDefault(guest), b.Systemd.GetValueOrDefault(guest));
        if (a.Scenario != b.Scenario)
            changes.Add("the scenario, or what is planned for it, is another");
        if (changes.Count == 0)
            changes.Add("nothing that PstoreLab knows of: same kernels, QEMU, systemd, accelerator and scenario");
        return changes;

        void Say(string what, string? was, string? isNow)
        {
            if (was != isNow)
                changes.Add($"{what}: {was ?? "not known"} → {isNow ?? "not known"}");
        }
    }

    private static string Both(string version, string release) => $"{version} ({release})";
}
