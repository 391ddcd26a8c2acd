using PstoreLab.Records.Compression;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Reads one zone as a kernel does (<c>persistent_ram_post_init</c> and <c>persistent_ram_save_old</c> in
/// fs/pstore/ram_core.c, <c>ramoops_pstore_read</c> in ram.c; 5.10 to 7.2), and deleted or invalid records as well.
/// </summary>
internal sealed class ZoneReader
{
    public const string Backend = "ramoops";

    // In bytes: less text is probably no text.
    private const int MinDeletedText = 16;

    // A deflate stream may end in zeros. Nothing distinguishes them from earlier zeros of the zone.
    private const int MaxZerosOfAStream = 4;

    // Since then the offset of KASLR is taken from the addresses of ftrace (adjust_ip in fs/pstore/ftrace.c, 7.2).
    private static readonly Version FtraceWithoutKaslr = new(7, 2);

    private readonly RamoopsZone _zone;
    private readonly ZoneGeometry _geometry;
    private readonly Version? _kernel;
    private readonly bool _bigEndian;
    private readonly byte[] _bytes;
    private readonly List<string> _faults = [];
    private readonly List<KeyValuePair<string, string>> _fields = [];
    private EccReport? _ecc;
    private IReadOnlyList<LostRange> _lost = [];

    private ZoneReader(RamoopsZone zone, ZoneGeometry geometry, byte[] bytes, Version? kernel, bool bigEndian)
    {
        _bigEndian = bigEndian;
        _zone = zone;
        _geometry = geometry;
        _bytes = bytes;
        _kernel = kernel;
    }

    private Span<byte> Data => _bytes.AsSpan(ZoneGeometry.Data, _geometry.DataSize);

    /// <summary>Reads a zone.</summary>
    /// <param name="image">Image with the whole zone.</param>
    /// <param name="zone">Place of the zone.</param>
    /// <param name="layout">Division that the zone is of.</param>
    /// <param name="kernel">Version of the writing kernel; null where not known.</param>
    /// <returns>Null for an empty zone.</returns>
    public static StoredRecord? Read(ReadOnlySpan<byte> image, RamoopsZone zone, RamoopsLayout layout, Version? kernel)
    {
        var geometry = GeometryOf(zone, layout);
        byte[] bytes = image.Slice((int)zone.Offset, zone.Size).ToArray();
        return new ZoneReader(zone, geometry, bytes, kernel, layout.BigEndian).Read();
    }

    private static ZoneGeometry GeometryOf(RamoopsZone zone, RamoopsLayout layout) =>
        ZoneGeometry.Of(zone.Size, layout.ParitySize)
        ?? throw new RecordFormatException(
            $"{zone} of {zone.Size} bytes has no room for {layout.ParitySize} bytes of parity"
        );

    /// <summary>
    /// Reads a zone that extends beyond the image. Its parity, at its end, is not there, and nothing is corrected.
    /// </summary>
    /// <returns>Null where the part in the image is empty.</returns>
    public static StoredRecord? ReadTorn(ReadOnlySpan<byte> image, RamoopsZone zone, RamoopsLayout layout)
    {
        byte[] bytes = image[(int)zone.Offset..].ToArray();
        if (bytes.Length <= ZoneHeader.Size || bytes.AsSpan(ZoneHeader.Size).IndexOfAnyExcept((byte)0) < 0)
            return null;
        int room = GeometryOf(zone, layout).DataSize;
        var geometry = ZoneGeometry.Of(Math.Min(bytes.Length, ZoneHeader.Size + room), 0)!.Value;
        var reader = new ZoneReader(zone, geometry, bytes, null, layout.BigEndian);
        var header = reader.Header();
        if (header.Signature == ZoneHeader.Dbgc && header.IsEmpty)
            return reader.Deleted();
        reader._faults.Add($"cut off: the image has {bytes.Length} of the zone's {zone.Size} bytes");
        int length = (int)Math.Min(header.Length, (uint)geometry.DataSize);
        if (!reader.IsSignature(header.Signature) || !header.Fits(room))
            return reader.Invalid(length);
        // A full ring begins in its middle, with what is there of its earlier half.
        int start = (int)header.Start;
        var data = reader.Data;
        byte[] record = start < length ? [.. data[start..length], .. data[..start]] : data[..length].ToArray();
        var prefix = zone.Type == RecordType.Dmesg ? DumpPrefix.Read(record) : null;
        return zone.Type != RecordType.Dmesg || prefix is not null
            ? reader.Record(RecordState.Live, length, record, prefix)
            : reader.Invalid(length);
    }

    private ZoneHeader Header() => ZoneHeader.Read(_bytes, _bigEndian);

    private StoredRecord? Read()
    {
        var found = Header();
        int? corrected = 0;
        if (_geometry.ParitySize > 0)
            corrected = ZoneEcc.CorrectHeader(_bytes, _geometry);
        _ecc = Report(corrected, []);
        var header = Header();

        if (!IsSignature(header.Signature))
        {
            if (
                _bytes.AsSpan(0, ZoneGeometry.Data + _geometry.DataSize).IndexOfAnyExcept((byte)0) < 0
                && found.Signature == 0
            )
                return null;
            string reason = IsSignature(found.Signature)
                ? $"with {_geometry.ParitySize} bytes of parity its header is corrected to another one: it was written "
                    + "without ECC, or with another number of parity bytes"
                : $"its signature is 0x{header.Signature:x8}, not {Expected}";
            if (header.IsEmpty && Data.IndexOfAnyExcept((byte)0) < 0)
                return null;
            _faults.Add($"{reason}; a kernel takes the zone for empty");
            return Invalid(0);
        }

        if (header.IsEmpty)
            return Deleted();
        _fields.Add(new("start", $"{header.Start}"));
        _fields.Add(new("size", $"{header.Length}"));
        if (corrected is null)
            _faults.Add("its header is damaged beyond repair; a kernel uses it as it is");
        if (!header.Fits(_geometry.DataSize))
        {
            _faults.Add(
                $"its header has start {header.Start} and size {header.Length}, and the zone has room for "
                    + $"{_geometry.DataSize} bytes: a kernel prints \"found existing invalid buffer\" and empties it"
            );
            return Invalid(header.Length <= _geometry.DataSize ? (int)header.Length : 0);
        }
        return Valid((int)header.Start, (int)header.Length, corrected);
    }

    private StoredRecord Valid(int start, int length, int? corrected)
    {
        if (_geometry.ParitySize > 0)
        {
            var blocks = ZoneEcc.CorrectData(_bytes, _geometry, length);
            _ecc = Report(corrected, blocks);
            foreach (var block in blocks.Where(block => block.CorrectedBytes is null))
                _faults.Add(
                    $"block {block.Index}, bytes {block.Offset} to {block.Offset + block.Length - 1} of the "
                        + "zone's data, is damaged beyond repair"
                );
            _lost = LostOf(blocks, start, length);
        }

        // The earliest byte first.
        byte[] record = [.. Data[start..length], .. Data[..start]];
        var state = RecordState.Live;
        if (_zone.Type == RecordType.Ftrace && !IsOfItsKernel())
            state = RecordState.Invalid;
        if (_zone.Type != RecordType.Dmesg)
        {
            if (start < length && length < _geometry.DataSize)
                _faults.Add(
                    $"its start is {start} and its size {length}: only a full ring of {_geometry.DataSize} bytes has "
                        + "two numbers, and one of these is damaged"
                );
            return Record(state, length, record, null);
        }

        var prefix = DumpPrefix.Read(record);
        if (prefix is null)
        {
            _faults.Add("it does not begin with ====SECONDS.MICROSECONDS: a kernel empties the zone without a message");
            return Witnessed() ?? Record(RecordState.Invalid, length, record, null);
        }
        var live = Record(state, length, record, prefix);
        return
            IsDoubtful(prefix.Value, live)
            && DumpWitness.Of(record, new ZoneHeader(0, (uint)length, (uint)length)) is { Conclusions: [_, ..] } witness
            ? live with
            {
                Decompressed = witness.Decompressed,
                WrittenAt = witness.WrittenAt ?? live.WrittenAt,
                Faults =
                [
                    .. live.Faults,
                    $"{string.Join("; ", witness.Conclusions)}; a kernel shows the record as its header has it",
                ],
            }
            : live;
    }

    // The flag, the end of the line, or the content contradict each other.
    private bool IsDoubtful(DumpPrefix prefix, StoredRecord record) =>
        prefix.Flag is not (null or 'C' or 'D')
        || DamagedPrefix.Read(Data) is not null
        || (prefix.Compressed && !record.Decompressed.IsComplete && DumpWitness.BeginsADump(record.Payload.Span));

    /// <summary>The record of a dump zone by its content; null where it is not a dump.</summary>
    private StoredRecord? Witnessed()
    {
        if (_zone.Type != RecordType.Dmesg || DumpWitness.Of(Data, Header()) is not { } witness)
            return null;
        if (witness.Conclusions.Count > 0)
            _faults[^1] += $"; {string.Join("; ", witness.Conclusions)}";
        byte[] record = Data[..witness.Length].ToArray();
        var payload = record.AsMemory(witness.Prefix);
        return Record(RecordState.Invalid, witness.Length, record, null) with
        {
            Payload = payload,
            MarkedCompressed = witness.Compressed,
            Decompressed = witness.Decompressed,
            WrittenAt = witness.WrittenAt,
            AsRecordToWrite = new RecordToWrite(_zone.Type, payload)
            {
                Index = _zone.Index,
                MarkedCompressed = witness.Compressed,
                WrittenAt = witness.WrittenAt ?? DateTimeOffset.UnixEpoch,
            },
        };
    }

    // A ring with a damaged header: its start is where the next byte goes, and behind it are zeros, or older bytes.
    private StoredRecord? WitnessedRing()
    {
        var header = Header();
        if (_zone.Type is RecordType.Dmesg or RecordType.Ftrace || header.IsEmpty)
            return null;
        int used = Data.LastIndexOfAnyExcept((byte)0) + 1;
        int start = (int)Math.Min(header.Start, (uint)_geometry.DataSize);
        int length =
            header.Fits(_geometry.DataSize) ? (int)header.Length
            : header.Start == used || header.Length == used ? used
            : header.Start <= _geometry.DataSize && used < start ? start
            : header.Length <= _geometry.DataSize && used < header.Length ? (int)header.Length
            : used;
        if (length == 0)
            return null;
        bool full = start < length && length == _geometry.DataSize;
        if (!header.Fits(_geometry.DataSize))
            _faults[^1] += full
                ? $"; the zone is full, and its earliest byte is taken to be at {start}"
                : $"; the zone has {length} bytes of content";
        byte[] record = full ? [.. Data[start..length], .. Data[..start]] : Data[..length].ToArray();
        return Record(RecordState.Invalid, length, record, null);
    }

    // The zone was emptied: the bytes are still there, and their number is lost.
    private StoredRecord? Deleted()
    {
        _ecc = null;
        int length = Data.LastIndexOfAnyExcept((byte)0) + 1;
        if (_zone.Type == RecordType.Ftrace)
            return null;
        if (_zone.Type != RecordType.Dmesg)
            return LooksLikeText(Data[..length])
                ? Record(RecordState.Deleted, length, Data[..length].ToArray(), null)
                : null;
        var prefix = DumpPrefix.Read(Data);
        if (prefix is null)
            return null;
        if (prefix.Value.Compressed)
            length = Math.Min(length + MaxZerosOfAStream, _geometry.DataSize);
        length = Math.Max(length, prefix.Value.Length);
        return Record(RecordState.Deleted, length, Data[..length].ToArray(), prefix);
    }

    /// <summary>Makes a record of the bytes of an invalid zone.</summary>
    /// <param name="length">Bytes of the record; 0 where not known.</param>
    private StoredRecord Invalid(int length)
    {
        if ((Witnessed() ?? WitnessedRing()) is { } witnessed)
            return witnessed;
        bool lengthKnown = length > 0;
        if (!lengthKnown)
            length = Data.LastIndexOfAnyExcept((byte)0) + 1;
        var prefix = _zone.Type == RecordType.Dmesg ? DumpPrefix.Read(Data[..length]) : null;
        if (!lengthKnown && prefix is { Compressed: true })
            length = Math.Min(length + MaxZerosOfAStream, _geometry.DataSize);
        return Record(RecordState.Invalid, length, Data[..length].ToArray(), prefix);
    }

    /// <summary>Makes a record.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="length">Bytes of the zone's data that belong to it.</param>
    /// <param name="record">These bytes, the earliest first, prefix included.</param>
    /// <param name="prefix">The prefix of a dump; null where there is none.</param>
    private StoredRecord Record(RecordState state, int length, byte[] record, DumpPrefix? prefix)
    {
        var payload = record.AsMemory(prefix?.Length ?? 0);
        if (prefix is { Swallowed: > 0 })
            _faults.Add(
                $"it begins with {prefix.Value.Swallowed} bytes of white space, and a kernel takes them for the end of "
                    + "====…"
            );
        var writer = ZoneHeader.FtraceKernel(Header().Signature);
        var calls =
            _zone.Type == RecordType.Ftrace
                ? FtraceFormat.Infer(payload.Span, _bigEndian ? Endianness.Big : Endianness.Little, writer)
                : null;
        if (calls is not null)
        {
            _fields.Add(new("entries", $"{payload.Length / calls.EntrySize}"));
            _fields.Add(new("entry", $"{calls.EntrySize} bytes, {calls}"));
            if (writer >= FtraceWithoutKaslr)
                _fields.Add(new("addresses", "without the offset of KASLR; those of modules without bit 63"));
        }
        bool compressed = prefix?.Compressed ?? false;
        // White space that a kernel removes was written, too.
        var whole = record.AsMemory((prefix?.Length ?? 0) - (prefix?.Swallowed ?? 0));
        return new StoredRecord
        {
            Place = _zone.ToString(),
            // The zones of all CPUs become one file with the id 0.
            Name = new RecordName(_zone.Type, Backend, _zone.Type == RecordType.Dmesg ? (ulong)_zone.Index : 0),
            State = state,
            Regions = Regions(length),
            Payload = payload,
            MarkedCompressed = compressed,
            Decompressed = compressed ? RecordCompression.Decompress(payload) : DecompressedPayload.Plain(payload),
            WrittenAt = prefix?.WrittenAt,
            IsFull = _zone.Type != RecordType.Dmesg && length == _geometry.DataSize,
            FtraceFormat = calls,
            Ecc = _ecc,
            Lost = [.. Behind(prefix?.Length ?? 0)],
            Fields = _fields,
            Faults = _faults,
            AsRecordToWrite = new RecordToWrite(_zone.Type, whole)
            {
                Index = _zone.Index,
                MarkedCompressed = compressed,
                WrittenAt = prefix?.WrittenAt ?? DateTimeOffset.UnixEpoch,
            },
        };
    }

    private List<StoreRegion> Regions(int length)
    {
        var regions = new List<StoreRegion> { new(RegionKind.Header, _zone.Offset, ZoneHeader.Size) };
        if (length > 0)
            regions.Add(new(RegionKind.Data, _zone.Offset + ZoneGeometry.Data, length));
        int blocks = _geometry.BlocksOf(length);
        if (blocks > 0)
            regions.Add(new(RegionKind.Parity, _zone.Offset + _geometry.Parity(0), blocks * _geometry.ParitySize));
        if (_geometry.ParitySize > 0)
            regions.Add(new(RegionKind.HeaderParity, _zone.Offset + _geometry.HeaderParity, _geometry.ParitySize));
        return regions;
    }

    // The earliest byte of a ring is the first of the record, and a block may lie on both sides of it.
    private static List<LostRange> LostOf(IEnumerable<EccBlock> blocks, int start, int length)
    {
        var lost = new List<LostRange>();
        foreach (var block in blocks.Where(block => block.CorrectedBytes is null))
        {
            int end = Math.Min(block.Offset + block.Length, length);
            if (end > start)
                lost.Add(new(Math.Max(block.Offset, start) - start, end - Math.Max(block.Offset, start)));
            if (block.Offset < start)
                lost.Add(new(block.Offset + length - start, Math.Min(end, start) - block.Offset));
        }
        lost.Sort((one, other) => one.Offset.CompareTo(other.Offset));
        return lost;
    }

    /// <summary>The lost bytes of the payload.</summary>
    /// <param name="prefix">Bytes of the record before its payload.</param>
    private IEnumerable<LostRange> Behind(int prefix)
    {
        foreach (var (offset, length) in _lost)
        {
            int before = Math.Clamp(prefix - offset, 0, length);
            if (before < length)
                yield return new(offset + before - prefix, length - before);
        }
    }

    private EccReport? Report(int? corrected, IReadOnlyList<EccBlock> blocks) =>
        _geometry.ParitySize == 0
            ? null
            : new EccReport(ZoneGeometry.BlockSize, _geometry.ParitySize, corrected ?? 0, corrected is null, blocks);

    private string Expected => _zone.Type == RecordType.Ftrace ? "that of an ftrace zone" : $"0x{ZoneHeader.Dbgc:x8}";

    private bool IsSignature(uint signature) =>
        _zone.Type == RecordType.Ftrace ? ZoneHeader.FtraceKernel(signature) is not null : signature == ZoneHeader.Dbgc;

    private bool IsOfItsKernel()
    {
        var kernel = ZoneHeader.FtraceKernel(Header().Signature)!;
        _fields.Add(new("kernel", kernel.Build == 255 ? $"{kernel} or later" : $"{kernel}"));
        if (
            _kernel is null
            || (
                _kernel.Major == kernel.Major
                && _kernel.Minor == kernel.Minor
                && (_kernel.Build < 0 || Math.Min(_kernel.Build, 255) == kernel.Build)
            )
        )
            return true;
        _faults.Add(
            $"its signature is that of Linux {kernel}, not of {_kernel}: every kernel but the writing one takes the "
                + "zone for empty"
        );
        return false;
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinDeletedText)
            return false;
        foreach (byte value in bytes[..Math.Min(bytes.Length, 4 * MinDeletedText)])
        {
            if (value is not ((>= 32 and < 127) or (byte)'\n' or (byte)'\t' or (byte)'\r'))
                return false;
        }
        return true;
    }
}
