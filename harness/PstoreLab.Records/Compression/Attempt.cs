namespace PstoreLab.Records.Compression;

/// <summary>What one method made of a payload.</summary>
/// <param name="Output">All that came out, up to where it broke.</param>
/// <param name="Consumed">How many bytes of the payload it took.</param>
/// <param name="End">How it ended.</param>
/// <param name="Fault">Where it broke and why, without the name of the method; null when it ended properly.</param>
internal sealed record Attempt(
    CompressionMethod Method,
    ReadOnlyMemory<byte> Output,
    int Consumed,
    AttemptEnd End,
    string? Fault
)
{
    public bool Ended => End == AttemptEnd.Proper;
}

/// <summary>How an attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>With the stream's own end.</summary>
    Proper,

    /// <summary>The payload was used up before.</summary>
    Truncated,

    /// <summary>More would have come out than was allowed.</summary>
    TooLarge,

    /// <summary>Something in it cannot be.</summary>
    Damaged,

    /// <summary>The library is not on this machine, so that nothing was tried.</summary>
    Unavailable,
}
