namespace PstoreLab.Harness.Host;

/// <summary>
/// Keeps other processes, and other tasks of this one, out while something in the cache is made. It is an flock(2),
/// which the kernel drops when its holder dies, so no lock is ever stale; the file itself stays, for deleting it would
/// let two holders in.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits for the lock.</summary>
    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        // .NET offers flock(2) only without waiting (FileShare.None), hence the polling.
        FileLock? held;
        while ((held = TryAcquire(path)) is null)
            await Task.Delay(Poll, cancellationToken);
        return held;
    }

    /// <summary>Takes the lock if nobody has it.</summary>
    public static FileLock? TryAcquire(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
