using System.Runtime.InteropServices;
using CliWrap;
using PstoreLab.Harness.Runs;
using Renci.SshNet;

namespace PstoreLab.Harness.Doctor;

/// <summary>What this program runs on, and the libraries it reaches other programs and guests with.</summary>
internal sealed class RuntimeCheck : ICheck
{
    public string Subject => ".NET";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            Diagnosis.Good(Subject, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
            Diagnosis.Good("child processes", $"CliWrap {VersionOf(typeof(Cli))}"),
            Diagnosis.Good("SSH", $"SSH.NET {VersionOf(typeof(SshClient))}"),
        ]);

    // The fourth number is none of the package's.
    private static string VersionOf(Type type) => type.Assembly.GetName().Version!.ToString(3);
}
