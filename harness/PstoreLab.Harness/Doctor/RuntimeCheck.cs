using System.Runtime.InteropServices;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>What this program runs on, and which of its optional packages were there when it was built.</summary>
internal sealed class RuntimeCheck : ICheck
{
#if HAVE_CLIWRAP
    private const bool HaveCliWrap = true;
#else
    private const bool HaveCliWrap = false;
#endif
#if HAVE_SSHNET
    private const bool HaveSshNet = true;
#else
    private const bool HaveSshNet = false;
#endif

    public string Subject => ".NET";

    public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Diagnosis>>([
            Diagnosis.Good(Subject, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}"),
            Diagnosis.Good("child processes", $"run by {lab.Runner.Name}"),
            Optional("CliWrap", HaveCliWrap, "System.Diagnostics.Process"),
            Optional("SSH.NET", HaveSshNet, "the OpenSSH client"),
        ]);

    // Good either way: the stand-in passes the same tests.
    private static Diagnosis Optional(string package, bool present, string standIn) =>
        Diagnosis.Good(
            package,
            present
                ? "built in"
                : $"no package source had it when this was built; {standIn} stands in (`make setup build` looks again)"
        );
}
