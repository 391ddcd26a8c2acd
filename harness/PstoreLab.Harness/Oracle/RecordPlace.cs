namespace PstoreLab.Harness.Oracle;

/// <summary>Where records are found.</summary>
/// <param name="Layer">As of <see cref="Evidence.Finding"/>.</param>
/// <param name="Name">For a sentence.</param>
/// <param name="InWords">The same behind a record's name, with a blank before it; empty where it goes without
/// saying.</param>
internal sealed record RecordPlace(string Layer, string Name, string InWords)
{
    public static RecordPlace Pstorefs { get; } = new("pstorefs", "/sys/fs/pstore", "");

    public static RecordPlace Archive { get; } = new("archive", "the archive", " in the archive");

    public static RecordPlace Journal { get; } = new("journal", "the journal", " in the journal");
}
