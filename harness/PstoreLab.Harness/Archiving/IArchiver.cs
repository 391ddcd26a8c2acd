namespace PstoreLab.Harness.Archiving;

/// <summary>Something that archives as systemd-pstore does.</summary>
public interface IArchiver
{
    /// <summary>An existing folder for record sets, which the archiver can reach.</summary>
    string Workspace { get; }

    /// <summary>
    /// Archives once in each of some folders; each has <c>pstore/</c>, what there is to archive, and <c>archive/</c>.
    /// </summary>
    /// <param name="folders">Their names in the workspace.</param>
    /// <param name="unlink">Whether the records must be deleted when they are archived.</param>
    /// <returns>How each went, in the order of the folders.</returns>
    /// <exception cref="Faults.InfraException">The archiver cannot be run at all.</exception>
    /// <exception cref="Faults.UnsupportedException">This machine lacks what it takes to run it; says what.</exception>
    Task<IReadOnlyList<ArchiverExit>> RunAsync(
        IReadOnlyList<string> folders,
        bool unlink,
        CancellationToken cancellation
    );
}

/// <summary>How one run of an archiver ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Messages">Its diagnostics, a line each; folders as the archiver sees them.</param>
public sealed record ArchiverExit(int Code, IReadOnlyList<string> Messages);
