namespace PstoreLab.Cli.Stores;

/// <summary>A file in which there are stores.</summary>
/// <param name="Name">As it was given, or its path in a folder or an archive.</param>
/// <param name="Length">Of its content, in bytes.</param>
/// <param name="Unpacked">Whether it is gzipped, or a disk in a file.</param>
/// <param name="Fault">What is wrong with it as a whole; null for nothing.</param>
/// <param name="Stores">At least one, in the order of the file.</param>
internal sealed record SearchedFile(
    string Name,
    long Length,
    bool Unpacked,
    string? Fault,
    IReadOnlyList<FoundStore> Stores
)
{
    public static SearchedFile Of(StoreFile file, IReadOnlyList<FoundStore> stores) =>
        new(file.Name, file.Length, file.Unpacked, file.Fault, stores);
}
