using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Records;

namespace PstoreLab.Harness.Plans.Steps;

/// <summary>
/// Notes which backend is registered: when <c>/sys/fs/pstore</c> is mounted, with the modules before it, and behind a
/// command that may have changed it.
/// </summary>
/// <param name="Request">A request whose answer is the backend.</param>
public sealed record NoteBackend(AgentRequest Request) : PlanStep
{
    public override string Describe(PlannedBoot boot) =>
        string.Join("\n       ", Request.Parts.Select(part => $"agent: {part}"));

    internal override void WriteTo(ScriptWriter script) => script.Ask(Request);

    internal override async Task CarryOutAsync(ICycle cycle, CancellationToken cancellation) =>
        cycle.Registered(RecordText.FromBytes(await cycle.AskAsync(Request, cancellation)).Trim());
}
