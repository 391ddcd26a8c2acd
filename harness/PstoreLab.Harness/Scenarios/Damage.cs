using System.Text.Json.Serialization;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Scenarios;

/// <summary>
/// What is done to a store on purpose. Records count from 1, live ones only, in the order of the store.
/// </summary>
/// <param name="Record">The record that is hit.</param>
[JsonDerivedType(typeof(FlipBytes), "flip-bytes")]
[JsonDerivedType(typeof(FlipBits), "flip-bits")]
[JsonDerivedType(typeof(Poke), "poke")]
[JsonDerivedType(typeof(Zero), "zero")]
[JsonDerivedType(typeof(WrongMagic), "wrong-magic")]
[JsonDerivedType(typeof(Truncate), "truncate")]
[JsonDerivedType(typeof(Swap), "swap")]
[JsonDerivedType(typeof(Replace), "replace")]
[JsonDerivedType(typeof(Recompress), "recompress")]
[JsonDerivedType(typeof(MarkCompressed), "mark-compressed")]
[JsonDerivedType(typeof(Fill), "fill")]
public abstract record Damage(int Record);

/// <summary>Alters so many bytes of a region, each to another value, chosen by a seed.</summary>
/// <param name="Block">The ECC block whose bytes are meant, from 0; null for the whole region.</param>
public sealed record FlipBytes(int Record, RegionKind In, int? Block, int Count, int Seed) : Damage(Record)
{
    public override string ToString() =>
        $"alter {Count} bytes of the {Place.Of(In, Block)} of record {Record} (seed {Seed})";
}

/// <summary>Flips so many bits of a region, chosen by a seed.</summary>
public sealed record FlipBits(int Record, RegionKind In, int? Block, int Count, int Seed) : Damage(Record)
{
    public override string ToString() =>
        $"flip {Count} bits of the {Place.Of(In, Block)} of record {Record} (seed {Seed})";
}

/// <summary>Writes bytes into a region.</summary>
/// <param name="At">Offset in the region.</param>
/// <param name="Bytes">In hexadecimal.</param>
public sealed record Poke(int Record, RegionKind In, int At, string Bytes) : Damage(Record)
{
    public override string ToString() => $"write {Bytes} at {At} of the {Place.Of(In, null)} of record {Record}";
}

/// <summary>Zeros a region.</summary>
public sealed record Zero(int Record, RegionKind In) : Damage(Record)
{
    public override string ToString() => $"zero the {Place.Of(In, null)} of record {Record}";
}

/// <summary>Makes the first four bytes of the record's header what no kernel looks for.</summary>
public sealed record WrongMagic(int Record) : Damage(Record)
{
    public override string ToString() => $"corrupt the magic of record {Record}";
}

/// <summary>Zeros the record's data behind its first bytes: a write that was cut short.</summary>
public sealed record Truncate(int Record, int Bytes) : Damage(Record)
{
    public override string ToString() => $"zero the data of record {Record} behind its first {Bytes} bytes";
}

/// <summary>Exchanges two records' places, with all that belongs to them.</summary>
public sealed record Swap(int Record, int With) : Damage(Record)
{
    public override string ToString() => $"exchange the places of records {Record} and {With}";
}

/// <summary>Writes another payload in the record's place, valid in all else.</summary>
public sealed record Replace(int Record, string Text) : Damage(Record)
{
    public override string ToString() => $"replace the payload of record {Record} by {Text.Length} bytes";
}

/// <summary>Writes the record's own content in its place, compressed with another method.</summary>
/// <param name="Window">Window bits of deflate.</param>
public sealed record Recompress(int Record, CompressionMethod Method, int Window) : Damage(Record)
{
    public override string ToString() =>
        $"compress record {Record} with "
        + $"{(Method == CompressionMethod.Deflate ? $"deflate, window 2^{Window}" : Method.Name)}";
}

/// <summary>Has the store say that the record's payload is compressed, or that it is not.</summary>
public sealed record MarkCompressed(int Record, bool Compressed) : Damage(Record)
{
    public override string ToString() => $"mark record {Record} as {(Compressed ? "compressed" : "not compressed")}";
}

/// <summary>Writes records of so many bytes until no more fits, and smaller ones into what is left.</summary>
public sealed record Fill(int Bytes) : Damage(0)
{
    /// <summary>The text of every such record begins with it.</summary>
    public const string FillerPrefix = "pstorelab: filler";

    public override string ToString() => $"fill the store with records of {Bytes} bytes";
}

/// <summary>What error correction must say of a record.</summary>
/// <param name="Corrected">Bytes that it corrected.</param>
/// <param name="Lost">Blocks that it could not.</param>
public sealed record EccExpectation(int Corrected, int Lost)
{
    public override string ToString() => $"corrects {Corrected} bytes and loses {Lost} blocks";
}

internal static class Place
{
    public static string Of(RegionKind region, int? block) =>
        block is null ? Yaml.EnumNames.Of(region) : $"{Yaml.EnumNames.Of(region)} of block {block}";
}
