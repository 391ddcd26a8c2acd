using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Damages;

/// <summary>
/// Damages a store on purpose, repeatable by a seed, and so that our own decoder can predict the outcome
/// of.
/// </summary>
public static class StoreDamage
{
    /// <param name="store">The whole store; changed.</param>
    /// <param name="options">What the boot that wrote it was given.</param>
    /// <returns>What was changed; or, with nothing changed, why it could not be.</returns>
    public static DamageLog Apply(byte[] store, StoreKind kind, StoreOptions options, Damage damage)
    {
        byte[] before = [.. store];
        try
        {
            Apply(store, StoreFormats.Get(kind), options, damage);
        }
        catch (Exception e) when (e is RecordFormatException or NotSupportedException)
        {
            before.CopyTo(store, 0);
            return new DamageLog(damage.ToString(), e.Message, []);
        }

        return DamageLog.Of(damage.ToString(), before, store);
    }

    private static void Apply(byte[] store, IStoreFormat format, StoreOptions options, Damage damage)
    {
        var decoded = format.Decode(store, options);
        if (damage is Fill fill)
        {
            StoreFiller.Fill(store, format, decoded.Options, fill.Bytes);
            return;
        }

        var live = decoded.Records.Where(record => record.State == RecordState.Live).ToList();
        var record = Record(live, damage.Record);
        switch (damage)
        {
            case FlipBytes flip:
                Flips.Bytes(store, Flips.Candidates(record, flip.In, flip.Block), flip.Count, flip.Seed);
                break;
            case FlipBits flip:
                Flips.Bits(store, Flips.Candidates(record, flip.In, flip.Block), flip.Count, flip.Seed);
                break;
            case Poke poke:
                Write(store, Region(record, poke.In), poke.At, Convert.FromHexString(poke.Bytes));
                break;
            case Zero zero:
                foreach (var region in record.Regions.Where(region => region.Kind == Region(record, zero.In).Kind))
                    store.AsSpan((int)region.Offset, region.Length).Clear();
                break;
            case WrongMagic:
                var magic = store.AsSpan((int)Region(record, RegionKind.Header).Offset, 4);
                for (int i = 0; i < magic.Length; i++)
                    magic[i] ^= 0xff;
                break;
            case Truncate truncate:
                var data = Region(record, RegionKind.Data);
                if (truncate.Bytes >= data.Length)
                    throw new RecordFormatException(
                        $"{record.Place} has {data.Length} bytes of data, so there is nothing behind {truncate.Bytes}"
                    );
                store.AsSpan((int)data.Offset + truncate.Bytes, data.Length - truncate.Bytes).Clear();
                break;
            case Swap swap:
                Exchange(store, format, decoded, record, Record(live, swap.With));
                break;
            case Replace replace:
                Rewrite(store, format, decoded, record, RecordText.ToBytes(replace.Text), compressed: false);
                break;
            case Recompress { Method: CompressionMethod.None }:
                Rewrite(store, format, decoded, record, record.Decompressed.Bytes, compressed: false);
                break;
            case Recompress recompress:
                Rewrite(
                    store,
                    format,
                    decoded,
                    record,
                    RecordCompression.Compress(recompress.Method, record.Decompressed.Bytes.Span, recompress.Window),
                    compressed: true
                );
                break;
            case MarkCompressed mark:
                Rewrite(store, format, decoded, record, record.Payload, mark.Compressed);
                break;
            default:
                throw new InvalidOperationException($"no way to do a {damage.GetType().Name}");
        }
    }

    private static StoredRecord Record(List<StoredRecord> live, int number) =>
        number <= live.Count
            ? live[number - 1]
            : throw new RecordFormatException(
                $"the store holds {live.Count} records, so there is no record {number} to damage"
            );

    private static StoreRegion Region(StoredRecord record, RegionKind kind) =>
        record.Regions.FirstOrDefault(region => region.Kind == kind) is { Length: > 0 } found
            ? found
            : throw new RecordFormatException($"{record.Place} has no {kind} to damage");

    private static void Write(byte[] store, StoreRegion region, int at, byte[] bytes)
    {
        if (at + (long)bytes.Length > region.Length)
            throw new RecordFormatException(
                $"{bytes.Length} bytes at {at} do not fit into a region of {region.Length}"
            );
        bytes.CopyTo(store.AsSpan((int)region.Offset + at));
    }

    private static void Exchange(
        byte[] store,
        IStoreFormat format,
        DecodedStore decoded,
        StoredRecord one,
        StoredRecord other
    )
    {
        if (
            one.AsRecordToWrite.Index is not { } first
            || other.AsRecordToWrite.Index is not { } second
            || first == second
        )
            throw new RecordFormatException($"{one.Place} and {other.Place} are not two places that can be exchanged");
        if (
            !format.Write(store, decoded.Options, one.AsRecordToWrite with { Index = second })
            || !format.Write(store, decoded.Options, other.AsRecordToWrite with { Index = first })
        )
            throw new RecordFormatException($"{one.Place} and {other.Place} do not fit into each other's place");
    }

    private static void Rewrite(
        byte[] store,
        IStoreFormat format,
        DecodedStore decoded,
        StoredRecord record,
        ReadOnlyMemory<byte> payload,
        bool compressed
    )
    {
        if (
            !format.Write(
                store,
                decoded.Options,
                record.AsRecordToWrite with
                {
                    Payload = payload,
                    MarkedCompressed = compressed,
                }
            )
        )
            throw new RecordFormatException($"{payload.Length} bytes do not fit into {record.Place}");
    }
}
