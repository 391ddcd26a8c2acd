using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// What acts in the guest for us. A guest that is gone answers no more, and that is all that is known here: whoever
/// waits also waits for the end of QEMU, which has the better reason. So a request to a dead guest is no fault, and its
/// answer never comes.
/// </summary>
internal interface IGuestAgent : IAsyncDisposable
{
    /// <summary>Waits until it has come up, at every boot anew.</summary>
    /// <returns>What <c>uname -r</c> says.</returns>
    Task<string> ReadyAsync(CancellationToken cancellation);

    /// <summary>Sends a request and does not wait: the guest may not live to answer.</summary>
    Task SendAsync(AgentRequest request, CancellationToken cancellation);

    /// <summary>Sends a request and waits for the answer's payload.</summary>
    /// <exception cref="GuestFaultException">The guest could not do it; the message has its words.</exception>
    Task<byte[]> AskAsync(AgentRequest request, CancellationToken cancellation);
}
