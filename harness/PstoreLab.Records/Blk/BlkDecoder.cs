using PstoreLab.Records.Compression;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Blk;

/// <summary>
/// Reads the zones of one device, as <c>psz_kmsg_recover_meta</c>, <c>psz_recover_zone</c> and <c>psz_kmsg_read</c> of
/// a kernel do (fs/pstore/zone.c, 5.10 to 7.2).
/// </summary>
internal static class BlkDecoder
{
    /// <summary>KBUILD_MODNAME of fs/pstore/blk.c.</summary>
    public const string Backend = "pstore_blk";

    /// <summary>Reads one zone; null for a zone that was never written to.</summary>
    public static StoredRecord? Decode(ReadOnlySpan<byte> image, BlkZone zone)
    {
        ReadOnlySpan<byte> content = image.Slice((int)zone.Offset, zone.Length);
        return zone.Type == RecordType.Dmesg ? Dump(content, zone) : Ring(content, zone);
    }

    private static StoredRecord? Dump(ReadOnlySpan<byte> content, BlkZone zone)
    {
        var header = BlkHeader.Read(content);
        ReadOnlySpan<byte> data = content[BlkHeader.Length..];
        var kmsg = BlkKmsgHeader.Read(data);
        bool signed = header.Signature == BlkHeader.SignatureOf(zone.Type);
        if (!signed && kmsg.FoundMagic != BlkKmsgHeader.Magic)
            return null;

        var faults = new List<string>();
        string? ending = null;
        if (!signed)
            faults.Add(
                $"the zone's signature is 0x{header.Signature:x8}; expected "
                    + $"0x{BlkHeader.SignatureOf(zone.Type):x8}: a kernel takes the zone for unused"
            );
        else if ((uint)header.DataLength > data.Length)
            faults.Add(
                $"the zone's length is {(uint)header.DataLength} bytes, of {data.Length}: a kernel prints \"found "
                    + "overtop zone\" and skips it"
            );
        else if (kmsg.FoundMagic != BlkKmsgHeader.Magic)
            faults.Add(
                $"the dump's magic is 0x{kmsg.FoundMagic:x8}; expected 0x{BlkKmsgHeader.Magic:x8}: a kernel prints "
                    + "\"found invalid zone\" and skips it"
            );
        else if (header.DataLength is > 0 and < BlkKmsgHeader.Length)
            faults.Add(
                ending =
                    $"the zone's length is {header.DataLength} bytes, less than the {BlkKmsgHeader.Length} of the "
                    + "dump's own header: a kernel ends its listing, or writes beyond its buffer"
            );
        else if (header.DataLength == BlkKmsgHeader.Length && kmsg.Compressed)
            faults.Add(ending = "it is empty, and the kernel takes that for the end of the records");

        bool erased = faults.Count == 0 && header.DataLength == 0;
        bool known = header.DataLength > BlkKmsgHeader.Length && header.DataLength <= data.Length;
        ReadOnlySpan<byte> rest = data[BlkKmsgHeader.Length..];
        // The length of an erased dump is lost. Zones are written as a whole, with zeros behind the dump.
        int length =
            known ? header.DataLength - BlkKmsgHeader.Length
            : header.DataLength == BlkKmsgHeader.Length ? 0
            : rest.LastIndexOfAnyExcept((byte)0) + 1;
        ReadOnlyMemory<byte> payload = rest[..length].ToArray();
        var decompressed = kmsg.Compressed ? RecordCompression.Decompress(payload) : DecompressedPayload.Plain(payload);
        if (kmsg.Compressed && !known && !decompressed.IsComplete && length < rest.Length)
        {
            // The stream itself may end with a zero.
            ReadOnlyMemory<byte> longer = rest[..(length + 1)].ToArray();
            if (RecordCompression.Decompress(longer) is { IsComplete: true } whole)
                (payload, decompressed) = (longer, whole);
        }
        return new StoredRecord
        {
            Place = zone.ToString(),
            Name = new RecordName(zone.Type, Backend, (ulong)zone.Index),
            State =
                faults.Count > 0 ? RecordState.Invalid
                : erased ? RecordState.Deleted
                : RecordState.Live,
            Regions =
            [
                new StoreRegion(RegionKind.Header, zone.Offset, BlkHeader.Length),
                new StoreRegion(RegionKind.Data, zone.Offset + BlkHeader.Length, BlkKmsgHeader.Length + payload.Length),
            ],
            Payload = payload,
            MarkedCompressed = kmsg.Compressed,
            Decompressed = decompressed,
            WrittenAt = kmsg.WrittenAt,
            Fields =
            [
                new("signature", $"0x{header.Signature:x8}"),
                new("datalen", $"{header.DataLength}"),
                new("start", $"{header.Start}"),
                new("magic", $"0x{kmsg.FoundMagic:x8}"),
                new("time", $"{kmsg.Seconds}.{kmsg.Nanoseconds:d9}"),
                new("counter", $"{kmsg.Counter}"),
                new("reason", $"{kmsg.Reason} ({kmsg.ReasonName})"),
            ],
            Faults = faults,
            EndsListing = ending is not null,
            AsRecordToWrite = new RecordToWrite(zone.Type, payload)
            {
                Index = zone.Index,
                MarkedCompressed = kmsg.Compressed,
                WrittenAt = kmsg.WrittenAt ?? DateTimeOffset.UnixEpoch,
                Count = kmsg.Counter,
                Reason = kmsg.ReasonName,
            },
        };
    }

    private static StoredRecord? Ring(ReadOnlySpan<byte> content, BlkZone zone)
    {
        var header = BlkHeader.Read(content);
        ReadOnlySpan<byte> data = content[BlkHeader.Length..];
        if (header.Signature != BlkHeader.SignatureOf(zone.Type))
            return null;

        var faults = new List<string>();
        bool ends = false;
        if ((uint)header.DataLength > data.Length || (uint)header.Start > data.Length)
        {
            faults.Add(
                $"the zone's length is {(uint)header.DataLength} bytes and its start {(uint)header.Start}, of "
                    + $"{data.Length} bytes: a kernel prints \"found overtop zone\" and skips it"
            );
        }
        else if (header.DataLength > 0 && header.Start > header.DataLength)
        {
            ends = true;
            faults.Add(
                $"the zone's length is {header.DataLength} bytes and its start {header.Start}: a kernel reads beyond "
                    + "its buffer, and lists nothing of the device"
            );
        }

        bool erased = faults.Count == 0 && header.DataLength == 0;
        int length =
            faults.Count == 0 && !erased ? header.DataLength : data.LastIndexOfAnyExcept((byte)0, (byte)0xff) + 1;
        int start = faults.Count == 0 && !erased ? header.Start : 0;
        ReadOnlyMemory<byte> payload = (byte[])[.. data[start..length], .. data[..start]];
        List<StoreRegion> regions =
        [
            new(RegionKind.Header, zone.Offset, BlkHeader.Length),
            new(RegionKind.Data, zone.Offset + BlkHeader.Length, length),
        ];
        return new StoredRecord
        {
            Place = zone.ToString(),
            Name = new RecordName(zone.Type, Backend, (ulong)zone.Index),
            State =
                faults.Count > 0 ? RecordState.Invalid
                : erased ? RecordState.Deleted
                : RecordState.Live,
            Regions = regions,
            Payload = payload,
            IsFull = length == data.Length,
            FtraceFormat =
                zone.Type == RecordType.Ftrace
                    ? FtraceFormat.Infer(payload.Span, Endianness.Little, kernel: null)
                    : null,
            Decompressed = DecompressedPayload.Plain(payload),
            Fields =
            [
                new("signature", $"0x{header.Signature:x8}"),
                new("datalen", $"{header.DataLength}"),
                new("start", $"{header.Start}"),
            ],
            Faults = faults,
            EndsListing = ends,
            AsRecordToWrite = new RecordToWrite(zone.Type, payload) { Index = zone.Index },
        };
    }
}
