using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;

namespace PstoreLab.Harness.Plans;

/// <summary>A plan for a person: what <c>explain</c> prints.</summary>
public static class PlanText
{
    public static string Of(Plan plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"{plan.Case}: {plan.Summary}");
        foreach (var kernel in plan.Kernels)
            text.AppendLine($"  kernel   {kernel.Name} = {kernel.Release} (package {kernel.Version})");
        text.AppendLine($"  backend  {plan.Backend}, {Empty(plan.Store)}");
        foreach (var other in plan.Others)
            text.AppendLine($"  beside   {other.Backend}, {Empty(other.Store)}, which must be left alone");
        text.AppendLine($"  machine  {plan.Machine}, {plan.Accelerator}, {plan.MemoryMiB} MiB");
        foreach (var file in plan.Files)
            text.AppendLine($"  file     {file.Name} = {file.Source}");
        for (int i = 0; i < plan.Steps.Count; i++)
            text.AppendLine($"{i + 1, 3}. {Line(plan, plan.Steps[i])}");
        foreach (var known in plan.Known)
            text.AppendLine($"known bug {known.Bug}: instead, {Line(plan, known.Instead)}");
        return text.ToString().TrimEnd();
    }

    private static string Empty(StoreTemplate store) =>
        store.CopyOf is null ? $"an empty store of {store.Size} bytes" : $"a copy of {store.CopyOf}";

    private static string Line(Plan plan, PlanStep step) =>
        step switch
        {
            PowerOn on => $"power on, boot {on.Boot}, {on.Kernel}{(on.Systemd is null ? "" : Systemd(on.Systemd))}\n  "
                + $"     {MachineCatalogue.Get(plan.Machine).QemuProgram} {ShellWords.Join(on.Machine)}",
            WarmBoot again => $"the same machine comes up again, boot {again.Boot}, {again.Kernel}",
            Ask ask => $"agent: {ask.Request}",
            Mount mount => $"agent: {mount.Request}",
            NoteBackend => $"agent: {NoteBackend.Request}",
            Mark mark => $"agent: {mark.Request} (arms crash {mark.Number})",
            Crash crash => $"crash {crash.Number}, {crash.Trigger}: {EnumNames.Of(crash.Cause)}: {crash.Request}, then "
                + $"wait for {(crash.BootsCaptureKernel ? "the agent of the crash kernel" : End(crash))}",
            KeepVmcore => $"crash kernel's agent: {KeepVmcore.Request}, then reboot, and wait for the guest's reset",
            Oops oops =>
                $"crash {oops.Number}, {oops.Trigger}: agent: {oops.Request}, then wait for \"{oops.ConsolePattern}\" and the agent",
            AwaitStore wait =>
                $"wait until the store holds the record of crash {wait.Number}, {wait.Seconds} s at most",
            DamageStore damage => $"damage {damage.Number}: {damage.Damage}",
            CutPower cut => "cut the power (crash "
                + $"{cut.Number}){(cut.Request is null ? "" : $" during agent: {cut.Request}")}{(cut.After is null ? "" : $", once the console shows \"{cut.After}\"")}{(cut.Point is null ? "" : $" and {cut.Point}")}",
            Reboot => "agent: reboot, then wait for the guest's reset",
            PowerOff { Request: { } request } => $"agent: {request}, then wait for the end of QEMU",
            PowerOff => "end QEMU under the healthy guest",
            RunInGuest run => $"in the guest: {run.Command}, which must end with exit code {run.Exit}",
            Inspect inspect => $"inspect /sys/fs/pstore ({inspect.Source}): {Expectation(inspect)}",
            _ => step.ToString(),
        };

    private static string End(Crash crash) =>
        crash.End switch
        {
            CrashEnd.PowerOff => "the guest to power off",
            CrashEnd.Halt => "its processors to stand still",
            _ => "the guest's reset",
        };

    private static string Systemd(PlannedSystemd guest) =>
        $" under {guest.Name} (systemd {guest.SystemdVersion ?? "of unknown version"}), its disk over {guest.Under}"
        + string.Concat(
            guest
                .Files.Where(file => file.Value.Length > 0)
                .Select(file =>
                    $"\n       {file.Key}: "
                    + $"{RecordText.ForDisplay(file.Value.TrimEnd('\n').Replace("\n", " | ", StringComparison.Ordinal))}"
                )
        );

    private static string Content(RecordContent content) =>
        content switch
        {
            RecordContent.WholeTail => "whole to the newest line",
            RecordContent.Tail => "the newest lines of it",
            RecordContent.Nonce => "with its nonce",
            RecordContent.Compressed => "of which nothing can be read",
            RecordContent.WholeOrBroken => "whole, shown as broken, or not there",
            _ => "whatever is in it",
        };

    private static string Expectation(Inspect inspect) =>
        string.Join(
            "; ",
            [
                .. inspect.Registered is not { } registered
                    ? []
                    : (string[])
                        [
                            registered.Count == 0
                                ? "no backend registered"
                                : $"{string.Join(" or ", registered)} registered",
                        ],
                .. inspect.Records is null ? []
                : inspect.Records.Count == 0 ? ["no record"]
                : inspect.Records.Select(record =>
                    $"a {record.Type} record of crash "
                    + $"{record.Crash}{(record.Reason is null ? "" : $", {record.Reason}")}{(record.Name is null ? "" : $", named {record.Name}")}, "
                    + $"{Content(record.Content)}{(record.Parts is null ? "" : $", parts: {record.Parts}")}{(record.Ecc is null ? "" : $", ECC {record.Ecc}")}"
                ),
                .. inspect.Archive is null ? []
                : inspect.Archive.Count == 0 ? ["nothing archived"]
                : inspect.Archive.Select(archived =>
                    $"crash {archived.Crash} archived "
                    + $"({archived.Type}{(archived.Reason is null ? "" : $", {archived.Reason}")}): "
                    + $"{EnumNames.Of(archived.Form)}{(archived.Path is null ? "" : $", at {archived.Path}")}, "
                    + $"{Content(archived.Content)}"
                ),
                .. inspect.Journal is null ? []
                : inspect.Journal.Count == 0 ? ["no record in the journal"]
                : inspect.Journal.Select(record =>
                    $"a {record.Type} record of crash {record.Crash} in the journal, {Content(record.Content)}"
                ),
                .. inspect.Vmcore is { } vmcore
                    ?
                    [
                        vmcore.Vmcore == VmcoreExpectation.Dumped
                            ? $"a vmcore of crash {vmcore.Crash}"
                            : $"no vmcore of crash {vmcore.Crash}",
                    ]
                    : (string[])[],
                .. inspect.Archiver is { } outcome ? [$"systemd-pstore.service {EnumNames.Of(outcome)}"] : (string[])[],
                .. inspect.Console.Select(words => $"the console says \"{words}\""),
                .. inspect.ConsoleWithout.Select(words => $"the console does not say \"{words}\""),
            ]
        );
}
