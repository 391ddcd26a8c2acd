using PstoreLab.Cli.Stores.Containers;

namespace PstoreLab.Cli.Stores;

/// <summary>All that is found in what somebody names, and what of it was not read.</summary>
internal sealed class Findings
{
    // What is held of records and stores. No machine leaves as much; an archive that was made for it may.
    private const long MostHeld = 512L << 20;

    private readonly List<RecordFile> _records = [];
    private readonly List<SearchedFile> _stores = [];
    private readonly List<UnreadFile> _unread = [];
    private long _held;

    /// <summary>Records that are files of their own, or have a file's name.</summary>
    public IReadOnlyList<RecordFile> Records => _records;

    /// <summary>The files in which there are stores.</summary>
    public IReadOnlyList<SearchedFile> Stores => _stores;

    /// <summary>Files of folders and archives in which there is nothing that is known here.</summary>
    public IReadOnlyList<UnreadFile> Unread => _unread;

    /// <summary>How many things have been found.</summary>
    public int Count => _records.Count + _stores.Count;

    /// <exception cref="LimitException">It is too much to be held.</exception>
    public void Add(RecordFile record)
    {
        Hold(record.Path, record.Payload.Length + record.Decompressed.Bytes.Length);
        _records.Add(record);
    }

    /// <inheritdoc cref="Add(RecordFile)"/>
    public void Add(SearchedFile file)
    {
        Hold(
            file.Name,
            file.Stores.SelectMany(found => found.Store.Records)
                .Sum(record => (long)record.Payload.Length + record.Decompressed.Bytes.Length)
        );
        _stores.Add(file);
    }

    public void Add(UnreadFile file) => _unread.Add(file);

    private void Hold(string name, long bytes)
    {
        _held += bytes;
        if (_held > MostHeld)
            throw new LimitException(
                $"up to {name} the records have more than {MostHeld >> 20} MiB; give fewer files at a time"
            );
    }
}
