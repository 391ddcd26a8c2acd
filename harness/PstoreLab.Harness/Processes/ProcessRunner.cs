using System.ComponentModel;
using CliWrap;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>Starts children with CliWrap.</summary>
public sealed class ProcessRunner : IProcessRunner
{
    public IRunningProcess Start(ProcessSpec spec)
    {
        var launch = Launch.Of(spec);
        var pumps = new StreamPumps(spec);
        // Streams are ours to copy: a target of CliWrap's own would wait for ever for a pipe that a process outside the
        // group holds open, and its cancellation hides the exit code. PipeTarget.Null would close the pipe, and end the
        // child by SIGPIPE.
        var command = Cli.Wrap(launch.Program)
            .WithArguments(launch.Arguments)
            .WithWorkingDirectory(spec.WorkingDirectory ?? "")
            .WithEnvironmentVariables(spec.Environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(pumps.CopyInputAsync))
            .WithStandardOutputPipe(PipeTarget.Create((pipe, _) => pumps.CopyOutputAsync(pipe)))
            .WithStandardErrorPipe(PipeTarget.Create((pipe, _) => pumps.CopyErrorAsync(pipe)));
        try
        {
            var running = LauncherThread.Run(() => command.ExecuteAsync());
            return new RunningChild(running.ProcessId, pumps, ExitOf(running));
        }
        catch (Win32Exception e)
        {
            // CliWrap lists what may be wrong; the exception inside says what is.
            throw new InfraException($"Cannot run `{spec.CommandLine}`: {(e.InnerException ?? e).Message}", e);
        }
    }

    // .NET turns a signal into 128 + its number, as shells do.
    private static async Task<ProcessExit> ExitOf(CommandTask<CommandResult> running) => new((await running).ExitCode);
}
