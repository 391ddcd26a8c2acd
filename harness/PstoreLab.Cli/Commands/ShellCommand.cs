using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab shell CASE</c>: the guest of a case, from inside.</summary>
internal static class ShellCommand
{
    private static readonly Argument<string> Name = new("CASE")
    {
        Description = "A case as `pstorelab list` prints it, or anything that chooses just one.",
    };

    private static readonly Option<string?> At = new("--at")
    {
        Description = $"Where in the case: {PlanExcerpt.Points}, behind which the shell comes; ready when left out.",
        HelpName = "POINT",
    };

    private static readonly Option<string?> Store = new("--store")
    {
        Description =
            "Boots the last guest of the case over this store instead: a file, or what a finished case has left, such "
            + "as out/latest/cycle/record-whole/erst-cold-debian-6.1.",
        HelpName = "RUN/CASE",
    };

    private static readonly Option<bool> Debugger = new("--gdb")
    {
        Description =
            "Has the guest wait for gdb before its first instruction, and prints what to paste. The kernel boots with "
            + "nokaslr.",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The folder that gets the session's folder; out/ of the checkout when left out.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "shell",
            CommandGroup.Look,
            "boots a case up to a point, and gives its guest's shell",
            [
                "shell cycle/record-whole/erst-cold-debian-6.1 --at after-restart",
                "shell cycle/record-whole/erst-cold-debian-6.1 --gdb",
            ],
            "Ctrl-] leaves, and so does the end of the shell. A guest that you crash boots again in the same machine. "
                + "Nothing is judged; what the guest leaves stays in a folder."
        )
        {
            Name,
            At,
            Store,
            Debugger,
            Out,
        };
        var kernels = new OwnGuestsOption(command);
        var append = new AppendOption(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, kernels, append, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        OwnGuestsOption kernels,
        AppendOption append,
        CancellationToken cancellation
    )
    {
        if (parsed.GetValue(At) is not null && parsed.GetValue(Store) is not null)
            throw new UsageException(
                "--at is a point of the whole case, and --store boots its last guest alone; give one"
            );
        PlanExcerpt.Check(parsed.GetValue(At) ?? PlanExcerpt.Ready);
        append.Parse(parsed);
        var (session, plan, folder) = await PrepareAsync(parsed, kernels, append, cancellation);
        (CycleEnding ending, string? reason) end;
        using (var terminal = Terminals(plan, folder))
            end = await session.RunAsync(plan, folder, terminal, cancellation);
        Terminal.Err.MarkupLineInterpolated($"--- the guest has ended; its store and consoles: {folder.Root}");
        if (end.ending == CycleEnding.Completed)
            return ExitCode.Passed;
        Terminal.Error(end.reason ?? "");
        return end.ending == CycleEnding.Product ? ExitCode.Failed : ExitCode.Infra;
    }

    private static async Task<(GuestSession Session, Plan Plan, CaseFolder Folder)> PrepareAsync(
        ParseResult parsed,
        OwnGuestsOption kernels,
        AppendOption append,
        CancellationToken cancellation
    )
    {
        using var view = ProgressView.Create();
        var lab = await kernels.OpenAsync(parsed, view, cancellation);
        var @case = Debuggable(parsed, append.To(parsed, [CaseOf(parsed.GetRequiredValue(Name), lab)])[0]);
        Planner.Check(@case);
        string? store = parsed.GetValue(Store) is { } given ? GuestSession.StoreOf(given, @case.Backend) : null;
        var accelerator = await lab.AcceleratorAsync(null, cancellation);
        var session = new GuestSession(lab, accelerator, TimeProvider.System);
        var plan = await session.PlanAsync(@case, cancellation);
        plan = store is null
            ? PlanExcerpt.UpTo(plan, parsed.GetValue(At) ?? PlanExcerpt.Ready)
            : PlanExcerpt.Over(plan, store);
        if (parsed.GetValue(Debugger))
            plan = PlanExcerpt.WithDebugger(plan, GuestSession.DebuggerSocket);
        view.End();
        return (session, plan, session.Folder(parsed.GetValue(Out) ?? lab.Paths.Out, plan));
    }

    private static Case CaseOf(string name, Lab lab)
    {
        var cases = lab.Scenarios.Load([name]);
        OldWordNotices.Print(lab.Scenarios);
        return cases is [var one]
            ? one
            : throw new UsageException($"'{name}' is {cases.Count} cases; name one of them, such as {cases[0].Id}");
    }

    /// <summary>A debugger goes by the addresses of vmlinux.</summary>
    private static Case Debuggable(ParseResult parsed, Case @case)
    {
        const string fixedAddresses = "nokaslr";
        return !parsed.GetValue(Debugger) || @case.Parameters.ContainsKey(fixedAddresses)
            ? @case
            : @case with
            {
                Appended = new Dictionary<string, string>(@case.Appended) { [fixedAddresses] = "" },
            };
    }

    private static GuestTerminal Terminals(Plan plan, CaseFolder folder)
    {
        var waiting = PlanExcerpt.DebuggedBoot(plan);
        return new GuestTerminal(
            boot =>
            {
                if (waiting is not null && waiting.Number == boot)
                    SayHowToDebug(plan.Kernels.First(kernel => kernel.Name == waiting.Kernel), folder);
            },
            () =>
                Terminal.Err.MarkupLineInterpolated(
                    $"--- {plan.Case}, behind step {plan.Steps.Count()}: the guest's shell; Ctrl-]] leaves"
                )
        );
    }

    private static void SayHowToDebug(PlannedKernel kernel, CaseFolder folder)
    {
        string? symbols = DebugSymbols.Find(kernel.Release);
        Terminal.Err.MarkupLineInterpolated($"--- the guest waits before its first instruction; in another terminal:");
        Terminal.Command(
            $"cd {ShellWords.Quote(folder.Root)} && "
                + ShellWords.Join([
                    "gdb",
                    symbols ?? "vmlinux",
                    "-ex",
                    $"target remote {GuestSession.DebuggerSocket}",
                    "-ex",
                    "hbreak panic",
                    "-ex",
                    "continue",
                ])
        );
        if (symbols is not null)
            return;
        string place = DebugSymbols.WhereFrom(kernel.Release, kernel.Build is not null);
        Terminal.Err.MarkupLineInterpolated($"--- where vmlinux, with its symbols, is {place}");
    }
}
