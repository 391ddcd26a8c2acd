namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// How much is read of archives, whatever they say of themselves: some are made to be larger unpacked than any disk.
/// </summary>
internal sealed class Budget
{
    private const int MostFiles = 100_000;
    private const long MostBytes = 16L << 30;

    private int _files;
    private long _bytes;

    /// <summary>Counts a file of an archive.</summary>
    /// <exception cref="LimitException">There are too many.</exception>
    public void CountFile(string path)
    {
        if (++_files > MostFiles)
            throw new LimitException($"from {path} on there are more than {MostFiles} files; unpack what you need");
    }

    /// <summary>The content of a file of an archive; to read too much of all of them throws.</summary>
    public Stream Limit(string path, Stream content) => new Limited(this, path, content);

    private void Count(string path, int bytes)
    {
        _bytes += bytes;
        if (_bytes > MostBytes)
            throw new LimitException(
                $"up to {path} more than {MostBytes >> 30} GiB come out of it; unpack what you need"
            );
    }

    private sealed class Limited(Budget budget, string path, Stream content) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            int read = content.Read(buffer);
            budget.Count(path, read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                content.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>There is more than anybody wants. The message says where and what to do.</summary>
internal sealed class LimitException(string message) : Exception(message);
