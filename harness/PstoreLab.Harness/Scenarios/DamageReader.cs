using System.Text.RegularExpressions;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Makes a damage of its document, and refuses keys that mean nothing beside the chosen one.</summary>
internal static partial class DamageReader
{
    public static Damage Read(DamageDocument damage)
    {
        bool flips = damage.FlipBytes is not null || damage.FlipBits is not null;
        Refuse(damage, damage.In is not null && !flips && damage.Poke is null, "in", "flip-bytes, flip-bits or poke");
        Refuse(damage, damage.Block is not null && !flips, "block", "flip-bytes or flip-bits");
        Refuse(damage, damage.Seed is not null && !flips, "seed", "flip-bytes or flip-bits");
        Refuse(damage, damage.At is not null && damage.Poke is null, "at", "poke");
        Refuse(damage, damage.Window is not null && damage.Recompress is null, "window", "recompress");
        Refuse(damage, damage.Record is not null && damage.Fill is not null, "record", "any damage but fill");
        int record = damage.Record ?? 1;
        var region = damage.In ?? RegionKind.Data;
        if (damage.Block is not null && region is not (RegionKind.Data or RegionKind.Parity))
            throw damage.Source.Fault("found 'block' with a region that has none, expected in: data or in: parity");
        return damage switch
        {
            { FlipBytes: { } count } => new FlipBytes(record, region, damage.Block, count, damage.Seed ?? 1),
            { FlipBits: { } count } => new FlipBits(record, region, damage.Block, count, damage.Seed ?? 1),
            { Poke: { } bytes } => new Poke(record, region, damage.At ?? 0, Hexadecimal(bytes)),
            { Zero: { } zeroed } => new Zero(record, zeroed),
            { WrongMagic: not null } => new WrongMagic(record),
            { Truncate: { } bytes } => new Truncate(record, bytes),
            { Swap: { } other } => new Swap(record, other),
            { Replace: { } text } => new Replace(record, text.Value),
            { Recompress: { } method } => new Recompress(record, Known(damage, method), damage.Window ?? 15),
            { MarkCompressed: { } mark } => new MarkCompressed(record, mark.Value == "yes"),
            _ => new Fill((int)damage.Fill!.Value.Bytes),
        };
    }

    private static void Refuse(DamageDocument damage, bool wrong, string key, string expected)
    {
        if (wrong)
            throw damage.Source.Fault($"found '{key}' where it means nothing, expected it with {expected}");
    }

    private static string Hexadecimal(Yaml.Text text)
    {
        string bytes = text.Value.Replace(" ", "", StringComparison.Ordinal);
        return Bytes().IsMatch(bytes)
            ? bytes.ToLowerInvariant()
            : throw text.Source.Fault(
                $"found {Nearest.Quote(text.Value)}, expected bytes in hexadecimal for 'poke', such as "
                    + "\"ffffff7f 00000000\""
            );
    }

    private static CompressionMethod Known(DamageDocument damage, CompressionMethod method) =>
        method != CompressionMethod.Unknown
            ? method
            : throw damage.Source.Fault(
                "found 'unknown', expected none, deflate, lzo, lz4, zstd, 842 or zlib for 'recompress'"
            );

    [GeneratedRegex("^([0-9A-Fa-f]{2})+$")]
    private static partial Regex Bytes();
}
