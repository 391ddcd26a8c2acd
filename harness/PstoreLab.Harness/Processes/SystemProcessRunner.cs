using System.ComponentModel;
using System.Diagnostics;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Processes;

/// <summary>Starts children with nothing but the class library; the stand-in where CliWrap cannot be had.</summary>
public sealed class SystemProcessRunner : IProcessRunner
{
    public string Name => "System.Diagnostics.Process";

    public IRunningProcess Start(ProcessSpec spec)
    {
        var launch = Launch.Of(spec);
        var process = new Process { StartInfo = StartInfo(launch, spec) };
        try
        {
            LauncherThread.Run(process.Start);
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new InfraException($"Cannot run `{spec.CommandLine}`: {e.Message}", e);
        }
        var pumps = new StreamPumps(spec);
        return new RunningChild(process.Id, pumps, RunAsync(process, pumps));
    }

    private static ProcessStartInfo StartInfo(Launch launch, ProcessSpec spec)
    {
        var info = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            WorkingDirectory = spec.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in spec.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static async Task<ProcessExit> RunAsync(Process process, StreamPumps pumps)
    {
        using (process)
        {
            using var ended = new CancellationTokenSource();
            var input = FeedAsync(process, pumps, ended.Token);
            var outputs = Task.WhenAll(
                pumps.CopyOutputAsync(process.StandardOutput.BaseStream),
                pumps.CopyErrorAsync(process.StandardError.BaseStream)
            );
            await process.WaitForExitAsync(CancellationToken.None);
            await ended.CancelAsync();
            await Task.WhenAll(outputs, input);
            return new ProcessExit(process.ExitCode); // .NET turns a signal into 128 + its number, as shells do.
        }
    }

    private static async Task FeedAsync(Process process, StreamPumps pumps, CancellationToken ended)
    {
        await using var pipe = process.StandardInput.BaseStream;
        await pumps.CopyInputAsync(pipe, ended);
    }
}
