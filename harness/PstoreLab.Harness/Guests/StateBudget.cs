using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>How long each state may last, scaled once by what this machine measured at calibration.</summary>
/// <param name="Scale">1 for a machine that boots a guest as fast as the one these limits were found on, more for a
/// slower one.</param>
public sealed record StateBudget(double Scale)
{
    // Generous: a limit is for a guest that will never come back, not for a slow one. Measured under two busy loops:
    // Booting up to 9 s.
    private static readonly Dictionary<CycleState, double> Seconds = new()
    {
        [CycleState.Booting] = 90,
        [CycleState.Ready] = 45,
        [CycleState.Armed] = 45,
        [CycleState.Crashing] = 60,
        [CycleState.Dumping] = 45,
        [CycleState.Committed] = 30,
        [CycleState.Restarting] = 30,
    };

    /// <summary>A user space of its own takes several times as long to come up, to answer and to shut down.</summary>
    private const double SystemdFactor = 3;

    /// <param name="systemd">Whether it is the state of a systemd guest.</param>
    public TimeSpan Of(CycleState state, bool systemd = false) =>
        TimeSpan.FromSeconds(Seconds.GetValueOrDefault(state, 30) * Math.Max(1, Scale) * (systemd ? SystemdFactor : 1));
}
