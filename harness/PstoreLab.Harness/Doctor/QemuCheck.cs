using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>QEMU, and whether it is new enough.</summary>
internal sealed partial class QemuCheck : ICheck
{
    /// <summary>
    /// The first with <c>-action</c>, without which a guest that reports its panic is shut down before it has written
    /// its record.
    /// </summary>
    private static readonly Version Oldest = new(6, 0);

    public string Subject => "QEMU";

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation)
    {
        var found = new List<Diagnosis>();
        foreach (var machine in MachineCatalogue.All)
            found.Add(await ExamineAsync(lab, machine, cancellation));
        return found;
    }

    private async Task<Diagnosis> ExamineAsync(Lab lab, IMachine machine, CancellationToken cancellation)
    {
        if (HostProgram.Find(machine.QemuProgram) is not { } qemu)
            return Diagnosis.Missing(
                Subject,
                $"{machine.QemuProgram} is not on PATH",
                AptInstall.Of(machine.QemuPackage)
            );
        var output = (await lab.Runner.RunAsync(new ProcessSpec(qemu, "--version"), cancellation)).EnsureSuccess();
        return Judge(output.StandardOutput, qemu);
    }

    internal Diagnosis Judge(string versionText, string qemu)
    {
        var match = VersionPattern().Match(versionText);
        if (!match.Success)
            return Diagnosis.Missing(Subject, $"{qemu} does not say which version it is");
        var version = Version.Parse(match.Groups[1].Value);
        return version < Oldest
            ? Diagnosis.Missing(Subject, $"{qemu} is {version}; {Oldest} or newer is needed, for the option -action")
            : Diagnosis.Good(Subject, $"{version} at {qemu}");
    }

    [GeneratedRegex(@"version (\d+\.\d+(\.\d+)?)")]
    private static partial Regex VersionPattern();
}
