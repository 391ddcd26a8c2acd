using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Archiving;

/// <summary>A folder that somebody else has filled.</summary>
internal static class PlainTree
{
    /// <summary>All that is below it but folders, hidden ones too. A link is one, wherever it leads.</summary>
    public static IEnumerable<string> Entries(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .SelectMany(entry => FileKinds.Of(entry) == FileKind.Folder ? Entries(entry) : [entry]);
}
