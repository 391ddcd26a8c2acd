using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Checkpoints;

/// <summary>The folder of all checkpoints: each in one of its own, by its key.</summary>
/// <param name="Path">Absolute.</param>
public sealed record CheckpointFolder(string Path)
{
    /// <summary>How many are kept; one takes some 110 MiB, of a systemd guest up to 140.</summary>
    private const int MostKept = 64;

    /// <summary>What those that are kept may take, in bytes: a guest may have used more of its memory.</summary>
    private const long MostRoom = 12L << 30;

    /// <summary>What is left free for other things, in bytes. A guest whose memory finds no room is killed.</summary>
    private const long Reserve = 4L << 30;

    private const string Wanted = ".wanted";

    /// <summary>Where the checkpoint of a key lies.</summary>
    public string Of(string key) => System.IO.Path.Combine(Path, key);

    /// <summary>Keeps others out while it is made.</summary>
    internal Task<FileLock> LockAsync(string key, CancellationToken cancellation) =>
        FileLock.AcquireAsync(Of(key) + ".lock", cancellation);

    /// <summary>Notes that a boot is wanted now.</summary>
    /// <returns>Whether it was before.</returns>
    internal bool IsWantedAgain(string key, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path);
        string file = Of(key) + Wanted;
        bool again = File.Exists(file);
        if (!again)
            File.WriteAllBytes(file, []);
        File.SetLastWriteTimeUtc(file, now.UtcDateTime);
        return again;
    }

    /// <summary>Whether the disk has room for one more.</summary>
    internal bool HasRoom => new DriveInfo(Path).AvailableFreeSpace > Reserve;

    /// <summary>Has room for one more: those that were not wanted for the longest time go.</summary>
    /// <param name="room">What that takes, in bytes.</param>
    internal void MakeRoom(long room)
    {
        int kept = 1;
        foreach (string folder in Folders().OrderByDescending(WantedAt).ToList())
        {
            room += CheckpointManifest.Read(folder)?.Room ?? 0;
            if (++kept > MostKept || room > MostRoom)
                Delete(System.IO.Path.GetFileName(folder));
        }
    }

    /// <summary>Who has it open keeps it.</summary>
    internal void Delete(string key)
    {
        if (Directory.Exists(Of(key)))
            Directory.Delete(Of(key), recursive: true);
    }

    /// <summary>All that are whole, the last used first.</summary>
    public IReadOnlyList<StoredCheckpoint> List() =>
        [
            .. from folder in Folders().OrderByDescending(WantedAt)
            let manifest = CheckpointManifest.Read(folder)
            where manifest is not null
            select new StoredCheckpoint(System.IO.Path.GetFileName(folder), manifest.What, manifest.Room),
        ];

    /// <summary>Deletes all, and what killed processes left; costs nothing but time.</summary>
    public IReadOnlyList<StoredCheckpoint> Prune()
    {
        var gone = List();
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        return gone;
    }

    private IEnumerable<string> Folders() =>
        Directory.Exists(Path) ? Directory.EnumerateDirectories(Path).Except(Temporary.In(Path)) : [];

    private static DateTime WantedAt(string folder) => File.GetLastWriteTimeUtc(folder + Wanted);
}

/// <summary>A checkpoint that takes up room in the cache.</summary>
/// <param name="Name">Its key.</param>
/// <param name="What">The boot that it stands for, for people.</param>
/// <param name="Bytes">What it takes on the disk.</param>
public sealed record StoredCheckpoint(string Name, string What, long Bytes);
