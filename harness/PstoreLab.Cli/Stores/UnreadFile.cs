namespace PstoreLab.Cli.Stores;

/// <summary>A file in a folder or an archive in which there is nothing that is known here.</summary>
/// <param name="Path">From the given folder or archive on.</param>
/// <param name="Why">What it is, and what makes it readable, perhaps with the path before it; null for a file like any
/// other.</param>
internal sealed record UnreadFile(string Path, string? Why = null)
{
    /// <summary>Whether it could not be read because it is damaged.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>The path, and why, as a part of a sentence.</summary>
    public override string ToString() =>
        Why is null ? Path
        : Why.StartsWith(Path, StringComparison.Ordinal) ? $"{Path} ({Why[Path.Length..].TrimStart(':', ' ')})"
        : $"{Path} ({Why})";
}
