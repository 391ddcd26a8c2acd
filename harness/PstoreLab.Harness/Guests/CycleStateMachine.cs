using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Which state may follow which. A step that does not fit is a fault of the harness, and is refused rather than carried
/// out.
/// </summary>
/// <param name="begun">The first part of a cycle that this one continues, up to where no guest runs; null for a cycle
/// of its own.</param>
internal sealed class CycleStateMachine(TimeProvider time, IReadOnlyList<Transition>? begun = null)
{
    private static readonly Dictionary<CycleState, CycleState[]> Next = new()
    {
        [CycleState.Off] = [CycleState.Restoring, CycleState.Booting],
        [CycleState.Restoring] = [CycleState.Booting, CycleState.Off],
        [CycleState.Booting] = [CycleState.Ready, CycleState.Off],
        [CycleState.Ready] = [CycleState.Armed, CycleState.Restarting, CycleState.Off],
        [CycleState.Armed] = [CycleState.Armed, CycleState.Crashing, CycleState.Restarting, CycleState.Off],
        [CycleState.Crashing] = [CycleState.Committed, CycleState.Dumping, CycleState.Off],
        [CycleState.Dumping] = [CycleState.Armed, CycleState.Committed, CycleState.Off],
        [CycleState.Committed] = [CycleState.Booting, CycleState.Armed, CycleState.Restarting, CycleState.Off],
        [CycleState.Restarting] = [CycleState.Booting, CycleState.Off],
    };

    private readonly long _start = time.GetTimestamp();
    private readonly double _before = begun is null ? 0 : begun[^1].At;
    private readonly List<Transition> _transitions = [.. begun ?? [new Transition(CycleState.Off, 0)]];

    public CycleState State => _transitions[^1].State;

    public IReadOnlyList<Transition> Transitions => _transitions;

    public void Enter(CycleState state)
    {
        if (!Next[State].Contains(state))
            throw new InvalidOperationException($"the crash cycle cannot go from {State} to {state}");
        _transitions.Add(new Transition(state, Math.Round(_before + time.GetElapsedTime(_start).TotalSeconds, 4)));
    }
}
