using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Guests;

/// <summary>What was seen of the guests of a cycle so far.</summary>
/// <param name="begun">What was done already by another cycle; null for nothing.</param>
internal sealed class ObservedCycle(CycleLog? begun)
{
    private readonly List<ObservedBoot> _boots = [.. begun?.Boots ?? []];
    private readonly Dictionary<InspectionNumber, string?> _backendAt = new(
        begun?.BackendAt ?? new Dictionary<InspectionNumber, string?>()
    );
    private readonly Dictionary<CrashNumber, bool> _storeBegun = new(
        begun?.StoreBegun ?? new Dictionary<CrashNumber, bool>()
    );

    /// <summary>What <c>uname -r</c> said at the last boot.</summary>
    public string Release => _boots[^1].Release;

    /// <summary>A guest came up.</summary>
    /// <param name="isRestored">Whether a checkpoint stood for its boot.</param>
    public void CameUp(BootNumber boot, string kernel, string release, bool isRestored) =>
        _boots.Add(new ObservedBoot(boot, kernel, release, Backend: null) { IsRestored = isRestored });

    /// <summary>
    /// The running guest reported which backend is registered, in the words of the kernel's parameter.
    /// </summary>
    public void Registered(string backend) =>
        _boots[^1] = _boots[^1] with { Backend = backend == "(null)" ? null : backend };

    /// <summary>There is an inspection of the running guest, behind its last report.</summary>
    public void Inspected(InspectionNumber number) => _backendAt[number] = _boots[^1].Backend;

    /// <summary>The power was cut.</summary>
    /// <param name="number">Of the crash.</param>
    /// <param name="storeBegun">Whether the store had begun to change.</param>
    public void Cut(CrashNumber number, bool storeBegun) => _storeBegun[number] = storeBegun;

    public CycleLog Log(
        CycleEnding ending,
        string? reason,
        IReadOnlyList<Transition> transitions,
        GuestFault? fault = null
    ) =>
        new(ending, reason, [.. _boots], [.. transitions])
        {
            Fault = fault,
            BackendAt = new Dictionary<InspectionNumber, string?>(_backendAt),
            StoreBegun = new Dictionary<CrashNumber, bool>(_storeBegun),
        };
}
