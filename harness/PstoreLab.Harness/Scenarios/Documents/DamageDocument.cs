using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Scenarios.Documents;

[ExactlyOneOf(
    "flip-bytes",
    "flip-bits",
    "poke",
    "zero",
    "wrong-magic",
    "truncate",
    "swap",
    "replace",
    "recompress",
    "mark-compressed",
    "fill"
)]
internal sealed record DamageDocument : Document
{
    [Range(0, 65536)]
    [Description("Alters so many bytes of the region.")]
    public int? FlipBytes { get; init; }

    [Range(0, 65536)]
    [Description("Flips so many bits of the region.")]
    public int? FlipBits { get; init; }

    [Description("Writes these bytes, in hexadecimal, into the region.")]
    public Text? Poke { get; init; }

    [Description("Zeros this region.")]
    public RegionKind? Zero { get; init; }

    [MayBeEmpty]
    [Description("Corrupts the magic number at the beginning of the record's header.")]
    public Text? WrongMagic { get; init; }

    [Range(0, int.MaxValue)]
    [Description("Zeros the record's data behind so many bytes.")]
    public int? Truncate { get; init; }

    [Range(1, 1000)]
    [Description("Exchanges the record's place with that of this other one.")]
    public int? Swap { get; init; }

    [Description("Writes this payload in the record's place.")]
    public Text? Replace { get; init; }

    [Description("Compresses the record's own content with this method, in its place.")]
    public CompressionMethod? Recompress { get; init; }

    [AllowedValues("yes", "no")]
    [Description("Has the store say whether the record's payload is compressed, true or not.")]
    public Text? MarkCompressed { get; init; }

    [Description("Fills the store with records of this size.")]
    public ByteSize? Fill { get; init; }

    [Range(1, 1000)]
    [Description("Which live record of the store, from 1; the first without it.")]
    public int? Record { get; init; }

    [Description("With flip-bytes, flip-bits and poke: which of its bytes; data without it.")]
    public RegionKind? In { get; init; }

    [Range(0, 65536)]
    [Description("With flip-bytes and flip-bits in data or parity: only this ECC block, from 0.")]
    public int? Block { get; init; }

    [Range(0, int.MaxValue)]
    [Description("With poke: where in the region, in bytes; at its beginning without it.")]
    public int? At { get; init; }

    [Range(0, int.MaxValue)]
    [Description("With flip-bytes and flip-bits: another seed hits other bytes; 1 without it.")]
    public int? Seed { get; init; }

    [Range(9, 15)]
    [Description("With recompress: deflate's window bits, 11 as to 6.5 or 15 as since 6.6; 15 without it.")]
    public int? Window { get; init; }
}
