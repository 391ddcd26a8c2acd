namespace PstoreLab.Records.Compression;

/// <summary>Result of decompressing a payload by one method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Output">The decompressed bytes, up to the damage.</param>
/// <param name="Consumed">Number of payload bytes that were used.</param>
/// <param name="End">How the attempt ended.</param>
/// <param name="Fault">Place and kind of the damage, without the name of the method; null for a proper end.</param>
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
    /// <summary>At the end of the stream.</summary>
    Proper,

    /// <summary>At the end of the payload, before the end of the stream.</summary>
    Truncated,

    /// <summary>At the limit of the output.</summary>
    TooLarge,

    /// <summary>At damage in the stream.</summary>
    Damaged,

    /// <summary>At the end of the stream, and the checksum behind it is not that of the output.</summary>
    ChecksumFailed,

    /// <summary>Not begun: the library is not on this machine.</summary>
    Unavailable,
}
