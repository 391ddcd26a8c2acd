using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Tests.Guests;

public class CycleStateMachineTests
{
    [Test]
    public void Only_the_ways_of_a_crash_cycle_are_open()
    {
        var open = new List<string>();
        foreach (var from in Enum.GetValues<CycleState>())
        {
            foreach (var to in Enum.GetValues<CycleState>())
            {
                var machine = At(from);
                try
                {
                    machine.Enter(to);
                    open.Add($"{from} {to}");
                }
                catch (InvalidOperationException e)
                {
                    Assert.That(e.Message, Is.EqualTo($"the crash cycle cannot go from {from} to {to}"));
                    Assert.That(machine.State, Is.EqualTo(from), "a refused change changes nothing");
                }
            }
        }

        Assert.That(
            open,
            Is.EquivalentTo([
                "Off Restoring",
                "Off Booting",
                "Restoring Booting",
                "Restoring Off",
                "Booting Ready",
                "Booting Off",
                "Ready Armed",
                "Ready Restarting",
                "Ready Off",
                "Armed Armed",
                "Armed Crashing",
                "Armed Restarting",
                "Armed Off",
                "Crashing Committed",
                "Crashing Dumping",
                "Crashing Off",
                "Dumping Armed",
                "Dumping Committed",
                "Dumping Off",
                "Committed Booting",
                "Committed Armed",
                "Committed Restarting",
                "Committed Off",
                "Restarting Booting",
                "Restarting Off",
            ])
        );
    }

    [Test]
    public void Each_state_has_a_time_limit_that_grows_with_the_machines_slowness()
    {
        foreach (var state in Enum.GetValues<CycleState>())
        {
            Assert.That(new StateBudget(1).Of(state), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)), $"{state}");
            Assert.That(new StateBudget(3).Of(state), Is.EqualTo(3 * new StateBudget(1).Of(state)), $"{state}");
            Assert.That(
                new StateBudget(0.1).Of(state),
                Is.EqualTo(new StateBudget(1).Of(state)),
                "no machine is too fast"
            );
        }
    }

    private static CycleStateMachine At(CycleState state)
    {
        var machine = new CycleStateMachine(TimeProvider.System);
        CycleState[] trigger = state switch
        {
            CycleState.Off => [],
            CycleState.Restoring => [CycleState.Restoring],
            CycleState.Booting => [CycleState.Booting],
            CycleState.Ready => [CycleState.Booting, CycleState.Ready],
            CycleState.Armed => [CycleState.Booting, CycleState.Ready, CycleState.Armed],
            CycleState.Crashing => [CycleState.Booting, CycleState.Ready, CycleState.Armed, CycleState.Crashing],
            CycleState.Dumping =>
            [
                CycleState.Booting,
                CycleState.Ready,
                CycleState.Armed,
                CycleState.Crashing,
                CycleState.Dumping,
            ],
            CycleState.Committed =>
            [
                CycleState.Booting,
                CycleState.Ready,
                CycleState.Armed,
                CycleState.Crashing,
                CycleState.Committed,
            ],
            CycleState.Restarting => [CycleState.Booting, CycleState.Ready, CycleState.Restarting],
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
        foreach (var step in trigger)
            machine.Enter(step);
        return machine;
    }
}
