using System.Collections.Concurrent;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Runs;

/// <summary>Remembers, of the cases of a run that have ended, which steps others may share with them.</summary>
internal sealed class FinishedCases
{
    private readonly ConcurrentDictionary<string, CaseFolder> _folders = [];

    /// <summary>A case has ended; of those that have the same steps, the first one is remembered.</summary>
    public void Add(SharedSteps steps, CaseFolder folder) => _folders.TryAdd(steps.Key, folder);

    /// <summary>The steps as one of the cases has carried them out; null where none has.</summary>
    public FirstSteps? Find(SharedSteps steps) =>
        _folders.TryGetValue(steps.Key, out var folder) ? FirstSteps.Of(folder, steps.Count) : null;
}
