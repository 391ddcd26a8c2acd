using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Runs;

/// <summary>Asks the machine what it is, for the record of a run.</summary>
public static partial class HostSurvey
{
    public static async Task<HostRecord> MakeAsync(
        IProcessRunner runner,
        IMachine machine,
        string accelerator,
        CancellationToken cancellation
    ) =>
        new(
            RuntimeInformation.OSDescription,
            Environment.OSVersion.Version.ToString(),
            RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Environment.ProcessorCount,
            await QemuAsync(runner, machine, cancellation),
            accelerator
        );

    private static async Task<string> QemuAsync(IProcessRunner runner, IMachine machine, CancellationToken cancellation)
    {
        try
        {
            var output = await runner.RunAsync(new ProcessSpec(machine.Qemu, "--version"), cancellation);
            return Version().Match(output.StandardOutput).Groups["version"].Value;
        }
        catch (LabException)
        {
            // The cases say what is wrong with it.
            return "";
        }
    }

    [GeneratedRegex(@"version (?<version>\d+\.\d+(\.\d+)?)")]
    private static partial Regex Version();
}
