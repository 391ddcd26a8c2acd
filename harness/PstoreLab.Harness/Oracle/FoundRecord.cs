using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Compression;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// One record as <c>/sys/fs/pstore</c> showed it: a dump with all its parts, or a file of another type, which comes
/// whole.
/// </summary>
/// <param name="Parts">The part that was written first, with the last lines, first.</param>
/// <param name="StillCompressed">The result of decompressing here each part that the kernel shows still compressed, as
/// <c>.enc.z</c>.</param>
internal sealed record FoundRecord(
    string Type,
    IReadOnlyList<DumpPart> Parts,
    IReadOnlyList<MissingPart> MissingParts,
    string Text,
    IReadOnlyList<DecompressedPayload> StillCompressed
)
{
    public DumpHeader? Header => Parts[0].Header;

    /// <summary>The file names as a person names a record.</summary>
    public string Names =>
        Parts.Count == 1
            ? $"{Parts[0].Name}"
            : $"{Parts[0].Name} and {Parts.Count - 1} more {(Parts.Count == 2 ? "part" : "parts")}";

    /// <summary>How much there is of it, for a person.</summary>
    public string Extent =>
        $"{Text.Length} bytes, {LogLine.ParseAll(Text).Count()} lines in {Parts.Count} "
        + $"{(Parts.Count == 1 ? "part" : "parts")}";

    /// <summary>Whether the kernel shows no part of it in a form that can be read.</summary>
    public bool IsStillCompressed => StillCompressed.Count == Parts.Count;

    /// <summary>
    /// Why it cannot be decompressed here either, so that its crash is unknown; null where it can.
    /// </summary>
    public string? Fault => StillCompressed.FirstOrDefault(part => !part.IsComplete)?.Fault;

    /// <summary>The kernel's report of error correction, over all parts.</summary>
    public EccExpectation Ecc =>
        new(Parts.Sum(part => part.Ecc?.CorrectedBytes ?? 0), Parts.Sum(part => part.Ecc?.UnrecoverableBlocks ?? 0));

    /// <summary>Whether it was put there to fill the store.</summary>
    public bool IsFiller => Text.StartsWith(Fill.FillerPrefix, StringComparison.Ordinal);

    /// <summary>Whether a marker line of the crash is in it.</summary>
    public bool IsOf(string nonce) => LogLine.ParseAll(Text).Any(line => Marker.Parse(line.Text)?.Nonce == nonce);

    /// <summary>
    /// The records of one listing of <c>/sys/fs/pstore</c>. A part that the kernel could not decompress is
    /// decompressed here: a complete result is a part like any other, and without one it is a record by itself, of
    /// which only the bytes are known.
    /// </summary>
    /// <param name="files">File name to content.</param>
    /// <param name="foreign">Names that are not those of records.</param>
    public static IReadOnlyList<FoundRecord> In(
        IReadOnlyDictionary<string, byte[]> files,
        out IReadOnlyList<string> foreign
    )
    {
        var parts = new List<DumpPart>();
        var compressed = new Dictionary<RecordName, DecompressedPayload>();
        var others = new List<string>();
        foreach (var (file, content) in files)
        {
            if (!RecordName.TryParse(file, out var name))
                others.Add(file);
            else if (name.Compressed)
                parts.Add(Decompressed(DumpPart.Parse(name, content), compressed));
            else
                parts.Add(DumpPart.Parse(name, content));
        }

        foreign = others;
        return Of(parts, compressed);
    }

    /// <summary>Dumps put together of their parts, and records of other types.</summary>
    public static IReadOnlyList<FoundRecord> Of(IEnumerable<DumpPart> files) => Of([.. files], []);

    /// <summary>
    /// A dump that was put together already. A dump that the kernel could not decompress, which stands by itself, is
    /// decompressed here.
    /// </summary>
    public static FoundRecord Of(Dump dump) =>
        dump.Parts is [{ Name.Compressed: true } part]
            ? In(new Dictionary<string, byte[]> { [part.Name.ToString()] = RecordText.ToBytes(part.Text) }, out _)[0]
            : new FoundRecord(RecordType.Dmesg, dump.Parts, dump.MissingParts, dump.Text, []);

    private static IReadOnlyList<FoundRecord> Of(
        IReadOnlyList<DumpPart> parts,
        Dictionary<RecordName, DecompressedPayload> compressed
    )
    {
        IReadOnlyList<DecompressedPayload> StillCompressedOf(IEnumerable<DumpPart> of) =>
            [.. of.Select(part => compressed.GetValueOrDefault(part.Name)).OfType<DecompressedPayload>()];
        return
        [
            .. Reassembly
                .Assemble(parts)
                .Select(dump => new FoundRecord(
                    RecordType.Dmesg,
                    dump.Parts,
                    dump.MissingParts,
                    dump.Text,
                    StillCompressedOf(dump.Parts)
                )),
            .. parts
                .Where(part => part.Name.Type != RecordType.Dmesg)
                .Select(part => new FoundRecord(part.Name.Type, [part], [], part.Text, StillCompressedOf([part]))),
        ];
    }

    private static DumpPart Decompressed(DumpPart part, Dictionary<RecordName, DecompressedPayload> compressed)
    {
        var unpacked = compressed[part.Name] = RecordCompression.Decompress(RecordText.ToBytes(part.Text));
        if (!unpacked.IsComplete)
            return part;
        _ = DumpHeader.TryParse(RecordText.FromBytes(unpacked.Bytes.Span), out var header, out string text);
        return part with { Header = header, Text = text };
    }
}
