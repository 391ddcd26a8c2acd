using System.CommandLine;
using PstoreLab.Cli.Commands;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli;

/// <summary>
/// The command line as a whole: its commands, Ctrl-C, and the one place where a fault becomes a message and an exit
/// code.
/// </summary>
internal static class CommandLine
{
    /// <summary>Set to anything, it has an unexpected exception printed with its trace.</summary>
    private const string DebugVariable = "PSTORELAB_DEBUG";

    private const string HelpWord = "help";

    /// <summary>All commands. What the help, the manual page and completion say is made of them.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand(
            "PstoreLab boots real kernels in QEMU, kills them, boots them again, and proves what pstore "
                + "kept of their last words."
        )
        {
            RunCommand.Create(),
            ListCommand.Create(),
            ExplainCommand.Create(),
            ConsoleCommand.Create(),
            ShellCommand.Create(),
            JudgeCommand.Create(),
            CompareCommand.Create(),
            BisectCommand.Create(),
            ArchiveCheckCommand.Create(),
            RecordSetCommand.Create(),
            ReportCommand.Create(),
            PackCommand.Create(),
            DecodeCommand.Create(),
            DiagnoseCommand.Create(),
            LayoutCommand.Create(),
            ReplayCommand.Create(),
            DoctorCommand.Create(),
            ImagesCommand.Create(),
            CompletionCommand.Create(),
            NameCommand.Create(),
            ManCommand.Create(),
        };
        HelpText.Use(root);
        return root;
    }

    public static async Task<int> RunAsync(string[] args) => GitBisectOption.Of(args, await EndAsync(args));

    private static async Task<int> EndAsync(string[] args)
    {
        var root = Root();
        try
        {
            if (args.Length == 0)
            {
                // Nothing was tested: a script with an empty variable must not take that for a pass.
                Terminal.Text.Write(HelpText.FirstScreen(root));
                return ExitCode.Usage;
            }
            var parsed = root.Parse(args[0] == HelpWord ? [.. args[1..], "--help"] : args);
            if (UsageFaults.Of(parsed) is { Count: > 0 } faults)
                return WrongUsage(parsed, faults);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
                }
            );
        }
        catch (OperationCanceledException)
        {
            Terminal.Error("interrupted");
            return ExitCode.Interrupted;
        }
        catch (LabException fault)
        {
            Terminal.Error(fault.Message);
            return ExitCode.Of(fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Terminal.Error(fault.Message);
            return ExitCode.Infra;
        }
        catch (Exception fault)
        {
            Terminal.Error(
                Environment.GetEnvironmentVariable(DebugVariable) is { Length: > 0 }
                    ? fault.ToString()
                    : $"{InternalFault.Describe(fault)}; this is a fault of PstoreLab, please report it with what "
                        + $"{DebugVariable}=1 shows"
            );
            return ExitCode.Internal;
        }
    }

    private static int WrongUsage(ParseResult parsed, IReadOnlyList<string> faults)
    {
        foreach (string fault in faults)
            Terminal.Error(fault);
        string command =
            parsed.CommandResult.Command is RootCommand
                ? "pstorelab"
                : $"pstorelab {parsed.CommandResult.Command.Name}";
        Terminal.Error($"see `{command} --help`");
        return ExitCode.Usage;
    }
}
