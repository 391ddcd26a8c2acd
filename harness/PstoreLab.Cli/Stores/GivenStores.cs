using PstoreLab.Harness.Host;
using PstoreLab.Harness.Replays;

namespace PstoreLab.Cli.Stores;

/// <summary>Stores as files of their own for as long as they are replayed; each case keeps a copy of its own.</summary>
internal sealed class GivenStores : IDisposable
{
    private readonly Temporary _folder = new(Path.GetTempPath());
    private int _count;

    /// <returns>The file.</returns>
    public string Keep(ReplayedStore store)
    {
        string path = Path.Combine(_folder.Folder, $"{++_count}");
        File.WriteAllBytes(path, store.Content.Span);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
