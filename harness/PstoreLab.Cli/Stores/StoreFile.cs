using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// A file that holds stores, from where they are to be looked for. A gzipped one is unpacked on the way. Of a large one
/// nothing is held that is not asked for.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    // No store that is gzipped or comes from a pipe is larger; what is, is a dump of memory.
    private const int MostHeld = 64 << 20;

    private const int PieceSize = 1 << 20;

    private readonly Stream _source;

    private StoreFile(string name, Stream source, Stream content, long start, bool unpacked)
    {
        _source = source;
        Name = name;
        Content = content;
        Start = start;
        Unpacked = unpacked;
    }

    /// <summary>As it was given.</summary>
    public string Name { get; }

    /// <summary>Stands at <see cref="Start"/>. Seekable only where it can be a store as a whole.</summary>
    public Stream Content { get; }

    /// <summary>Where the looking begins, in bytes from the beginning of the content.</summary>
    public long Start { get; }

    /// <summary>Whether the file is gzipped, or a disk in a file.</summary>
    public bool Unpacked { get; }

    /// <summary>
    /// Of the content, unpacked, in bytes; of what can be read only once, as far as it has been read.
    /// </summary>
    public long Length =>
        Content is ReplayedStream replayed ? Start + replayed.Position
        : Content is MemoryStream held ? Start + held.Length
        : Content.Length;

    /// <summary>What is wrong with the file as a whole, once it has been read; null for nothing.</summary>
    public string? Fault
    {
        get
        {
            // A gzip file ends with how much was packed, as far as 32 bits can say it.
            if (!Unpacked || Content is Qcow2Stream || _source is not FileStream { CanSeek: true, Length: > 4 } file)
                return null;
            Span<byte> trailer = stackalloc byte[4];
            RandomAccess.Read(file.SafeFileHandle, trailer, file.Length - trailer.Length);
            return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == (uint)Length
                ? null
                : "what is gzipped here does not end as it should: the file is torn, and this is what there is of it";
        }
    }

    /// <exception cref="UsageException">It is not there, cannot be read, or ends before
    /// <paramref name="start"/>.</exception>
    public static StoreFile Open(string name, long start)
    {
        if (name.Length == 0)
            throw new UsageException("FILE is empty");
        if (Directory.Exists(name))
            throw new UsageException($"{name} is a directory; a store is one file");
        return Reading(
            name,
            () =>
            {
                var source = new FileStream(
                    name,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0
                );
                try
                {
                    return Open(name, source, start);
                }
                catch
                {
                    source.Dispose();
                    throw;
                }
            }
        );
    }

    /// <summary>A file within another one, from a stream that can be read once; it is disposed with this.</summary>
    public static StoreFile Of(string name, Stream member) =>
        Reading(
            name,
            () =>
            {
                try
                {
                    return Open(name, member, 0);
                }
                catch
                {
                    member.Dispose();
                    throw;
                }
            }
        );

    /// <summary>The first bytes from <see cref="Start"/> on, which are still to be read afterwards.</summary>
    public ReadOnlyMemory<byte> Head(int length) =>
        Reading(() => Content is ReplayedStream replayed ? replayed.Peek(length) : Read(length));

    /// <summary>
    /// Bytes of the content from <see cref="Start"/> on, as far as there are so many; it must be seekable.
    /// </summary>
    public byte[] Read(long length)
    {
        long start = Content.Position;
        byte[] bytes = new byte[Math.Min(length, Content.Length - start)];
        int read = Content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Content.Position = start;
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>
    /// All from <see cref="Start"/> on; null when that is more than so many bytes, or too much to be held.
    /// </summary>
    public byte[]? ReadSmall(int most) => Reading(() => Content.CanSeek && Length - Start <= most ? Read(most) : null);

    /// <summary>All from <see cref="Start"/> on, of a file that holds records of another form.</summary>
    /// <exception cref="InvalidDataException">That is more than so many bytes.</exception>
    public byte[] ReadWhole(int most) =>
        ReadSmall(most) ?? throw new InvalidDataException($"it has more than {most >> 20} MiB");

    /// <summary>Does what reads the file; a fault of it becomes a message that names the file.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public T Reading<T>(Func<T> read) => Reading(Name, read);

    public void Dispose()
    {
        Content.Dispose();
        _source.Dispose();
    }

    private static StoreFile Open(string name, Stream source, long start)
    {
        byte[] magic = new byte[4];
        int read = source.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        bool gzipped = read >= 3 && magic is [0x1f, 0x8b, 8, _];
        if (source.CanSeek && Qcow2Stream.IsAt(magic))
            return Seekable(name, source, Qcow2Stream.Open(name, source), start, unpacked: true);
        // A pipe or a device has no length that could be asked for.
        if (!gzipped && source.CanSeek && source.Length > 0)
            return Seekable(name, source, source, start, unpacked: false);

        Stream once = new ReplayedStream(magic.AsMemory(0, read), source);
        if (gzipped)
            once = new GZipStream(once, CompressionMode.Decompress);
        long skipped = Skip(once, start);
        if (skipped < start)
            throw EndsBefore(name, start, skipped);
        var held = new MemoryStream();
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        int got;
        try
        {
            while ((got = once.Read(piece)) > 0)
            {
                held.Write(piece, 0, got);
                if (held.Length > MostHeld)
                    break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        held.Position = 0;
        if (got == 0 && start == 0 && Qcow2Stream.IsAt(held.GetBuffer().AsSpan(0, (int)Math.Min(4, held.Length))))
            return Seekable(name, source, Qcow2Stream.Open(name, held), start, unpacked: true);
        return new StoreFile(
            name,
            source,
            got == 0 ? held : new ReplayedStream(held.GetBuffer().AsMemory(0, (int)held.Length), once),
            start,
            gzipped
        );
    }

    private static StoreFile Seekable(string name, Stream source, Stream content, long start, bool unpacked)
    {
        if (start > 0 && start >= content.Length)
            throw EndsBefore(name, start, content.Length);
        content.Position = start;
        return new StoreFile(name, source, content, start, unpacked);
    }

    private static long Skip(Stream stream, long count)
    {
        byte[] piece = new byte[PieceSize];
        long skipped = 0;
        for (
            int got;
            skipped < count && (got = stream.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, count - skipped)))) > 0;

        )
            skipped += got;
        return skipped;
    }

    private static UsageException EndsBefore(string name, long start, long length) =>
        new($"--offset {start}: {name} has only {length} bytes");

    private static T Reading<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"{name} is gzipped and damaged: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no file '{name}'", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{name} cannot be read: {fault.Message}", fault);
        }
    }
}
