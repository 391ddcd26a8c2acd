namespace PstoreLab.Harness.Archiving;

/// <summary>What one systemd release gets right and wrong.</summary>
/// <param name="Release">Its name.</param>
/// <param name="Version">Of its package; null where it is not known.</param>
/// <param name="Sets">How many record sets it was given.</param>
/// <param name="Seconds">That placing, archiving and judging them took.</param>
/// <param name="Properties">Those that any set could show.</param>
/// <param name="Fixed">Entries of the catalogue that it should have shown, and did not.</param>
public sealed record ReleaseReport(
    string Release,
    string? Version,
    int Sets,
    double Seconds,
    IReadOnlyList<PropertyReport> Properties,
    IReadOnlyList<KnownArchiverFault> Fixed
)
{
    /// <summary>Whether it is a program of the user's own, which may have bugs of the catalogue fixed.</summary>
    public bool IsOwn { get; init; }

    public double SetsPerSecond => Sets / Seconds;

    /// <summary>
    /// Whether all that it does wrong is catalogued, and, of a release, all that is catalogued is there.
    /// </summary>
    public bool IsAsKnown =>
        (IsOwn || Fixed.Count == 0)
        && Properties.All(property => property.Causes.All(cause => cause.Known is not null));
}

/// <summary>One property of a release.</summary>
/// <param name="Right">How many record sets it held for, of those that could show it.</param>
/// <param name="Wrong">How many it did not hold for.</param>
/// <param name="Causes">Of what is wrong; a set may have several.</param>
public sealed record PropertyReport(ArchiveProperty Property, int Right, int Wrong, IReadOnlyList<CauseReport> Causes);

/// <summary>Why a property did not hold.</summary>
/// <param name="Known">The entry of the catalogue; null for what is not catalogued.</param>
/// <param name="Sets">How many sets it was seen in.</param>
/// <param name="Example">The smallest of them.</param>
/// <param name="Text">What is wrong with that one.</param>
public sealed record CauseReport(KnownArchiverFault? Known, int Sets, ArchivedSet Example, string Text);
