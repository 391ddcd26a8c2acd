using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Doctor;

/// <summary>
/// Whether this machine has what each backend asks for: files such as firmware, and devices that QEMU must know.
/// </summary>
internal sealed partial class BackendsCheck : ICheck
{
    public string Subject => "backends";

    public async Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation)
    {
        var found = new List<Diagnosis>();
        foreach (var machine in MachineCatalogue.All)
        {
            var devices = await DevicesAsync(lab, machine, cancellation);
            found.AddRange(BackendCatalogue.All.Select(backend => Judge(machine, backend, devices)));
        }

        return found;
    }

    /// <param name="devices">Names of the devices that QEMU has; null when there is no QEMU.</param>
    internal static Diagnosis Judge(IMachine machine, IBackend backend, IReadOnlySet<string>? devices)
    {
        string subject = $"backend {backend.Name}{(machine == MachineCatalogue.Default ? "" : $" on {machine.Name}")}";
        if (backend.Needs is { } feature && machine.LackOf(feature) is { } lack)
            return Diagnosis.Good(subject, $"not there: {lack}");
        try
        {
            var needed = Devices(backend.Attach(machine, null).Devices).ToList();
            if (devices is null)
                return needed.Count == 0
                    ? Diagnosis.Good(subject, backend.Summary)
                    : Diagnosis.Warning(subject, "not to be found out without QEMU");
            var unknown = needed.Where(device => !devices.Contains(device)).ToList();
            return unknown.Count == 0
                ? Diagnosis.Good(subject, backend.Summary)
                : Diagnosis.Warning(
                    subject,
                    $"this QEMU has no {string.Join(", ", unknown)}, so cases of this backend are "
                        + "unsupported; a newer one has it"
                );
        }
        catch (UnsupportedException fault)
        {
            return Diagnosis.Missing(subject, fault.Message, "make setup");
        }
    }

    private static IEnumerable<string> Devices(IReadOnlyList<string> arguments) =>
        arguments
            .Zip(arguments.Skip(1))
            .Where(pair => pair.First == "-device")
            .Select(pair => pair.Second.Split(',')[0]);

    private static async Task<IReadOnlySet<string>?> DevicesAsync(
        Lab lab,
        IMachine machine,
        CancellationToken cancellation
    )
    {
        if (HostProgram.Find(machine.QemuProgram) is not { } qemu)
            return null;
        var help = (await lab.Runner.RunAsync(new ProcessSpec(qemu, "-device", "help"), cancellation)).EnsureSuccess();
        return DevicePattern().Matches(help.StandardOutput).Select(match => match.Groups[1].Value).ToHashSet();
    }

    [GeneratedRegex("name \"([^\"]+)\"")]
    private static partial Regex DevicePattern();
}
