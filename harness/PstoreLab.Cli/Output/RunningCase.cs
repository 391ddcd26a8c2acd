using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Output;

/// <summary>An attempt at a case that goes on now.</summary>
/// <param name="since">When it began, as <see cref="TimeProvider.GetTimestamp"/> says.</param>
/// <param name="entered">Called behind each state.</param>
/// <param name="ended">Called at the end.</param>
internal sealed class RunningCase(
    string caseId,
    CaseFolder folder,
    long since,
    Action<RunningCase> entered,
    Action<RunningCase> ended
) : IAttemptWatch
{
    // One reference: who draws sees a state with its own boot.
    private volatile Position _position = new(CycleState.Off, new BootNumber(0));

    public string CaseId => caseId;

    public long Since => since;

    public CycleState State => _position.State;

    public BootNumber Boot => _position.Boot;

    /// <summary>Where its guest's console grows; null before its first boot.</summary>
    public string? Console => Boot.Value == 0 ? null : folder.Boot(Boot).RawConsole;

    void IAttemptWatch.Entered(CycleState state, BootNumber boot)
    {
        _position = new Position(state, boot);
        entered(this);
    }

    public void Dispose() => ended(this);

    private sealed record Position(CycleState State, BootNumber Boot);
}
