using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Runs;

/// <summary>Somebody who watches one attempt at a case.</summary>
public interface IAttemptWatch : IDisposable
{
    /// <summary>The crash cycle entered a state.</summary>
    /// <param name="boot">The boot that it is in; 0 before the first.</param>
    void Entered(CycleState state, BootNumber boot);
}
