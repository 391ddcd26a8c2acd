using System.CommandLine;
using PstoreLab.Cli.Commands;
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

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "PstoreLab boots real kernels in QEMU, kills them, boots them again, and proves what pstore "
                + "kept of their last words."
        )
        {
            RunCommand.Create(),
            ListCommand.Create(),
            ExplainCommand.Create(),
            JudgeCommand.Create(),
            CompareCommand.Create(),
            BisectCommand.Create(),
            ArchiveCheckCommand.Create(),
            ReportCommand.Create(),
            DecodeCommand.Create(),
            LayoutCommand.Create(),
            ReplayCommand.Create(),
            DoctorCommand.Create(),
            ImagesCommand.Create(),
        };
        try
        {
            var parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
                return WrongUsage(parsed);
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

    private static int WrongUsage(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
            Terminal.Error(error.Message);
        string command =
            parsed.CommandResult.Command is RootCommand
                ? "pstorelab"
                : $"pstorelab {parsed.CommandResult.Command.Name}";
        Terminal.Error($"see `{command} --help`");
        return ExitCode.Usage;
    }
}
