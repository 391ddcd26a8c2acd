using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Runs;

/// <summary>Somebody who watches a run. Calls come from any thread, and several at once.</summary>
public interface IRunWatch
{
    /// <summary>An attempt at a case has a place to run.</summary>
    /// <param name="folder">Where its evidence grows.</param>
    /// <returns>Receives what the attempt does; disposed at its end.</returns>
    IAttemptWatch Begin(string caseId, CaseFolder folder);
}
