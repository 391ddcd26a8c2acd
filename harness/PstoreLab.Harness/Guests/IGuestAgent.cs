using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// What acts in the guest for us. A guest that is gone answers no more, and that is all that is known here: whoever
/// waits also waits for the end of QEMU, which has the better reason. So a request to a dead guest is no fault, and its
/// answer never comes.
/// </summary>
internal interface IGuestAgent : IAsyncDisposable
{
    /// <summary>
    /// The longest answer that is taken, in bytes as they come: every record of the largest store fits. A guest that
    /// answers with more would never end, as one that never answers.
    /// </summary>
    const int LongestAnswer = 64 << 20;

    /// <summary>A guest that answered with more than that.</summary>
    static GuestFaultException Endless(AgentRequest request) =>
        new(
            GuestFaultKind.Endless,
            $"the guest's answer to `{request}` is longer than {LongestAnswer >> 20} MiB and was not taken"
        );

    /// <summary>Waits until it has come up, at every boot anew.</summary>
    /// <returns>What <c>uname -r</c> says.</returns>
    Task<string> ReadyAsync(CancellationToken cancellation);

    /// <summary>
    /// Leaves nothing on the way between the two that a checkpoint would not have: before the machine is stopped.
    /// </summary>
    Task LeaveAsync(CancellationToken cancellation);

    /// <summary>Sends a request and does not wait: the guest may not live to answer.</summary>
    Task SendAsync(AgentRequest request, CancellationToken cancellation);

    /// <summary>Sends a request and waits for the answer's payload.</summary>
    /// <exception cref="GuestFaultException">The guest could not do it; the message has its words.</exception>
    Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation);
}
