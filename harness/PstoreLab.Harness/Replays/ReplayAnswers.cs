using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Replays;

/// <summary>
/// The memory that a guest and the host share, where <c>images/replay/replay.c</c> puts what a kernel shows of a store.
/// Little-endian numbers of 32 bits: request, answer, error (<c>errno(3)</c>, 0 for none), length of the content; the
/// content from byte 4096 on.
/// </summary>
internal sealed class ReplayAnswers : IDisposable
{
    /// <summary>Its size in bytes.</summary>
    public const int Size = 16 << 20;

    private const int Content = 4096;
    private const uint End = uint.MaxValue;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly TimeProvider _time;
    private uint _request;

    /// <param name="path">The file to make.</param>
    public ReplayAnswers(string path, TimeProvider time)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, mapName: null, Size);
        _view = _file.CreateViewAccessor(0, Size);
        _time = time;
    }

    /// <summary>Has the guest read its store, and waits for what comes of it.</summary>
    /// <exception cref="InfraException">What came is no answer.</exception>
    public async Task<ReplayAnswer> AskAsync(CancellationToken cancellation)
    {
        _view.Write(0, ++_request);
        while (_view.ReadUInt32(4) != _request)
            await Task.Delay(Pause, _time, cancellation);
        Thread.MemoryBarrier();
        uint length = _view.ReadUInt32(12);
        if (length > Size - Content)
            throw new InfraException($"the guest's answer is said to have {length} bytes");
        byte[] content = new byte[length];
        _view.ReadArray(Content, content, 0, content.Length);
        return Parse((int)_view.ReadUInt32(8), content);
    }

    /// <summary>Has the program in the guest end.</summary>
    public void EndGuest() => _view.Write(0, End);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>Entries: length of the name, length of the bytes, both; each at a multiple of 4.</summary>
    internal static ReplayAnswer Parse(int error, ReadOnlySpan<byte> content)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        int at = 0;
        while (at < content.Length)
        {
            if (content.Length - at < 8)
                throw Torn(at);
            long name = BinaryPrimitives.ReadUInt32LittleEndian(content[at..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(content[(at + 4)..]);
            if (name > content.Length || size > content.Length || at + 8 + name + size > content.Length)
                throw Torn(at);
            files[Encoding.Latin1.GetString(content.Slice(at + 8, (int)name))] = content
                .Slice(at + 8 + (int)name, (int)size)
                .ToArray();
            at += (8 + (int)name + (int)size + 3) & ~3;
        }

        return new ReplayAnswer(error, files);
    }

    private static InfraException Torn(int at) => new($"the guest's answer is torn at byte {at}");
}

/// <summary>What a kernel showed.</summary>
/// <param name="Error">Why it did not read the store, as a number of <c>errno(3)</c>; 0 where it did.</param>
/// <param name="Entries">Files of <c>/sys/fs/pstore</c>, and two more: <c>backend</c> and <c>kmsg</c>.</param>
internal sealed record ReplayAnswer(int Error, IReadOnlyDictionary<string, byte[]> Entries)
{
    private const string BackendName = "backend";
    private const string MessagesName = "kmsg";

    /// <summary>The files of <c>/sys/fs/pstore</c>, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; } =
        Entries.Where(entry => entry.Key is not (BackendName or MessagesName)).ToDictionary();

    /// <summary>The name that a backend is registered under; null for none.</summary>
    public string? Backend =>
        Entries.TryGetValue(BackendName, out byte[]? name)
        && Encoding.Latin1.GetString(name).TrimEnd() is var text and not ("(null)" or "")
            ? text
            : null;

    /// <summary>
    /// What the kernel said meanwhile: the text of each record of <c>/dev/kmsg</c>
    /// (Documentation/ABI/testing/dev-kmsg),
    /// <c>priority,number,time,flags;text</c> with indented lines of properties behind it.
    /// </summary>
    public IReadOnlyList<string> Messages =>
        Entries.TryGetValue(MessagesName, out byte[]? said)
            ?
            [
                .. Encoding
                    .Latin1.GetString(said)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => line[0] != ' ')
                    .Select(line => line[(line.IndexOf(';', StringComparison.Ordinal) + 1)..]),
            ]
            : [];
}
