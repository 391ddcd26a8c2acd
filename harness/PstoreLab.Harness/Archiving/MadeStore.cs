using PstoreLab.Records;
using PstoreLab.Records.Archive;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Archiving;

/// <summary>
/// A machine that crashes, without the machine: each backend's store written as its kernel writes it, and listed as
/// <see cref="PstoreListing"/> says that a kernel does, so that names, ids and contents are those of a real listing.
/// </summary>
internal sealed class MadeStore
{
    /// <summary>Backends by what they call themselves in file names.</summary>
    public static readonly IReadOnlyList<string> Backends = ["efi", "efi_pstore", "erst", "ramoops", "pstore_blk"];

    // EFI variables got the backend's new name in 6.2.
    private static readonly Version Old = new(6, 1);
    private static readonly Version New = new(6, 12);

    private readonly IStoreFormat _format;
    private readonly StoreOptions _options;
    private readonly long _size;
    private readonly Random _random;
    private byte[] _image;
    private ulong _erstId;
    private int _zone;
    private int _count;

    /// <param name="clock">When it is first booted, in seconds since 1970.</param>
    public MadeStore(string backend, Random random, double clock)
    {
        Backend = backend;
        Clock = clock;
        _random = random;
        (var kind, _size, _options) = backend switch
        {
            "ramoops" => (
                StoreKind.Ramoops,
                0x20000L,
                Options(
                    new()
                    {
                        ["ramoops.mem_size"] = "0x20000",
                        ["ramoops.record_size"] = "0x2000",
                        ["ramoops.console_size"] = "0x4000",
                        ["ramoops.pmsg_size"] = "0x1000",
                        ["ramoops.ftrace_size"] = "0x1000",
                    }
                )
            ),
            "pstore_blk" => (
                StoreKind.PstoreBlk,
                0x40000L,
                Options(new() { [PstoreBlkParameters.KmsgSize] = "16", [PstoreBlkParameters.PmsgSize] = "4" })
            ),
            "erst" => (StoreKind.Erst, 0x100000L, Options([])),
            _ => (StoreKind.Efi, 0x84000L, Options([])),
        };
        _format = StoreFormats.Get(kind);
        _image = _format.CreateEmpty(_size, _options);
        Boot(0);
    }

    public string Backend { get; }

    /// <summary>Whether a dump has more than one part.</summary>
    public bool KeepsAllParts => Backend is "efi" or "efi_pstore" or "erst";

    /// <summary>Seconds since 1970.</summary>
    public double Clock { get; set; }

    private Version Reader => Backend == "efi" ? Old : New;

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
        for (int part = 1; part <= (KeepsAllParts ? parts : 1); part++)
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
        string[] types = Backend switch
        {
            "ramoops" => [RecordType.Console, RecordType.Pmsg, RecordType.Ftrace],
            "pstore_blk" => [RecordType.Pmsg],
            "erst" => [RecordType.Mce],
            _ => [],
        };
        foreach (string type in types)
            Write(
                new RecordToWrite(type, type is RecordType.Mce or RecordType.Ftrace ? binary : lines)
                {
                    Index = type == RecordType.Mce ? null : 0,
                }
            );
    }

    /// <summary>As <c>/sys/fs/pstore</c> shows it.</summary>
    public IReadOnlyList<ListedRecord> Listing() =>
        [.. ListedRecord.FromListing(PstoreListing.Predict(_format.Decode(_image, _options), Reader))];

    /// <summary>All records deleted, as through <c>/sys/fs/pstore</c>.</summary>
    public void Free() => _image = _format.CreateEmpty(_size, _options);

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

        if (!KeepsAllParts && record.Type == RecordType.Dmesg)
            written = written with { Index = _zone++ };
        _format.Write(_image, _options, written);
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

    private static StoreOptions Options(Dictionary<string, string> parameters) =>
        new()
        {
            Parameters = parameters,
            Cpus = 1,
            Kernel = New,
        };
}
