using PstoreLab.Records;
using PstoreLab.Records.Archive;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// A machine that crashes, without the machine: each backend's store written as its kernel writes it, and listed as
/// <see cref="PstoreListing"/> says that a kernel does, so that names, ids and contents are those of a real listing.
/// </summary>
internal sealed class MadeStore
{
    private readonly MadeBackend _backend;
    private readonly Random _random;
    private byte[] _image;
    private ulong _erstId;
    private int _zone;
    private int _count;

    /// <param name="clock">When it is first booted, in seconds since 1970.</param>
    public MadeStore(MadeBackend backend, Random random, double clock)
    {
        _backend = backend;
        Clock = clock;
        _random = random;
        _image = Empty();
        Boot(0);
    }

    /// <summary>The backend's name in file names.</summary>
    public string Backend => _backend.Name;

    /// <summary>Seconds since 1970.</summary>
    public double Clock { get; set; }

    /// <summary>The next boot; ids and counts begin anew.</summary>
    /// <param name="pause">Seconds until it is up.</param>
    public void Boot(double pause)
    {
        Clock += pause;
        _zone = 0;
        _count = 0;
        // cper_next_record_id, drivers/firmware/efi/cper.c: of the time when the first is wanted.
        _erstId = 0;
    }

    /// <summary>A dump, its newest part first, as it is written. A store that is full takes no more.</summary>
    /// <param name="parts">How many there are to write; zones take the first only.</param>
    /// <param name="pace">Seconds that a part takes.</param>
    /// <param name="compressed">Which parts are compressed.</param>
    /// <param name="unreadable">Which of these no reader undoes.</param>
    public void Dump(
        string reason,
        int parts,
        double pace = 0.002,
        Func<int, bool>? compressed = null,
        Func<int, bool>? unreadable = null
    )
    {
        _count++;
        string nonce = $"{_random.Next():x8}";
        for (int part = 1; part <= (_backend.KeepsAllParts ? parts : 1); part++)
        {
            byte[] text = RecordText.ToBytes($"{reason}#{_count} Part{part}\n{Log(nonce, parts - part)}");
            bool isCompressed = compressed?.Invoke(part) ?? false;
            byte[] payload = isCompressed ? RecordCompression.Compress(CompressionMethod.Deflate, text) : text;
            if (isCompressed && unreadable?.Invoke(part) == true)
                payload[0] |= 0x06;
            Write(
                new RecordToWrite(RecordType.Dmesg, payload)
                {
                    MarkedCompressed = isCompressed,
                    Part = (uint)part,
                    Count = _count,
                    Reason = reason,
                }
            );
            Clock += pace;
        }
    }

    /// <summary>
    /// What other frontends keep: a machine check in ERST, console, messages of programs and calls in zones. EFI has
    /// none of them.
    /// </summary>
    public void OtherFrontends()
    {
        byte[] lines = RecordText.ToBytes(Log($"{_random.Next():x8}", 0));
        byte[] binary = new byte[120];
        _random.NextBytes(binary);
        foreach (string type in _backend.OtherTypes)
            Write(
                new RecordToWrite(type, type is RecordType.Mce or RecordType.Ftrace ? binary : lines)
                {
                    Index = type == RecordType.Mce ? null : 0,
                }
            );
    }

    /// <summary>As <c>/sys/fs/pstore</c> shows it.</summary>
    public IReadOnlyList<ListedRecord> Listing() =>
        [
            .. ListedRecord.FromListing(
                PstoreListing.Predict(_backend.Format.Decode(_image, _backend.Options), _backend.Reader)
            ),
        ];

    /// <summary>All records deleted, as through <c>/sys/fs/pstore</c>.</summary>
    public void Free() => _image = Empty();

    /// <summary>The id that ERST gives next, for a dump that is to cross a boundary of them.</summary>
    public void BeginErstAt(ulong id) => _erstId = id - 1;

    private void Write(RecordToWrite record)
    {
        var written = record with { WrittenAt = DateTimeOffset.FromUnixTimeMilliseconds((long)(Clock * 1000)) };
        if (Backend == "erst")
        {
            _erstId = _erstId == 0 ? (ulong)Clock << 32 : _erstId;
            written = written with { Id = ++_erstId };
        }

        if (!_backend.KeepsAllParts && record.Type == RecordType.Dmesg)
            written = written with { Index = _zone++ };
        _backend.Format.Write(_image, _backend.Options, written);
    }

    /// <summary>Some lines, the older the more parts come behind.</summary>
    private string Log(string nonce, int age)
    {
        var lines = Enumerable
            .Range(0, 2 + _random.Next(6))
            .Select(line =>
                $"<{_random.Next(8)}>[{(1000 - age).ToString().PadLeft(5)}.{(line * 1000) + _random.Next(1000):d6}] "
                + $"{nonce}: line {line} of what it said\n"
            );
        return string.Concat(lines);
    }

    private byte[] Empty() => _backend.Format.CreateEmpty(_backend.Size, _backend.Options);
}
