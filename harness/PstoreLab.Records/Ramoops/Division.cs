namespace PstoreLab.Records.Ramoops;

/// <summary>A candidate: the dump zones, and the zones found behind them so far.</summary>
internal readonly record struct Division(int Spacing, int Dumps, int Parity)
{
    public long Console { get; init; }
    public long Pmsg { get; init; }
    public long Ftrace { get; init; }
    public int Cpus { get; init; } = 1;
    public Version? Kernel { get; init; }
    public bool FtraceFirst { get; init; }

    /// <summary>Offset of the next zone.</summary>
    public long End { get; init; } = (long)Spacing * Dumps;

    public long Others => Console + Pmsg + Ftrace;
}
