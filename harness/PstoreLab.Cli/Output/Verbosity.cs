namespace PstoreLab.Cli.Output;

/// <summary>How much is said while a run goes on.</summary>
internal enum Verbosity
{
    /// <summary>Failures, and what came of it all.</summary>
    Quiet,

    /// <summary>A line per result, and on a terminal what runs now.</summary>
    Normal,

    /// <summary>Each state of each crash cycle, too.</summary>
    Verbose,
}
