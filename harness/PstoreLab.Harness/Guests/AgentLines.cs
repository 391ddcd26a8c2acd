using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Remote;

namespace PstoreLab.Harness.Guests;

/// <summary>The ways to the agents of a machine's guests, boot by boot.</summary>
internal sealed class AgentLines(IProcessRunner runner, IMachine machine, CaseFolder folder, TimeProvider time)
{
    /// <summary>Makes all that is needed on the host before QEMU starts.</summary>
    /// <param name="checkpoint">The one that stands for the boot; null for a machine that boots.</param>
    public async Task<IAgentLine> PrepareAsync(
        PowerOn on,
        BootNumber boot,
        Checkpoint? checkpoint,
        CancellationToken cancellation
    ) =>
        on.Systemd is null
            ? new SerialLine(
                machine,
                folder.Boot(boot).Agent,
                checkpoint is null ? null : await File.ReadAllBytesAsync(checkpoint.Agent, cancellation)
            )
            : new SshLine(
                new SshNetClient(time),
                await SystemdBoot.PrepareAsync(runner, on.Systemd, folder, boot, checkpoint, cancellation),
                time,
                folder.Boot(boot).Agent
            );
}
