namespace PstoreLab.Harness.Guests;

/// <summary>The way to the agent of one guest, made ready before its QEMU starts.</summary>
internal interface IAgentLine : IDisposable
{
    /// <summary>QEMU's side.</summary>
    IReadOnlyList<string> Arguments { get; }

    /// <summary>Called once, when QEMU has started.</summary>
    Task<IGuestAgent> OpenAsync(CancellationToken cancellation);
}
