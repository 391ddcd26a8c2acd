using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>One record as <c>/sys/fs/pstore</c> showed it: a dump with all its parts, or a file of another type, which comes whole.</summary>
/// <param name="Parts">Newest first.</param>
internal sealed record FoundRecord(string Type, IReadOnlyList<DumpPart> Parts, IReadOnlyList<PartGap> Gaps, string Text)
{
    public DumpHeader? Header => Parts[0].Header;

    /// <summary>The file names as a person names a record.</summary>
    public string Names => Parts.Count == 1 ? $"{Parts[0].Name}" : $"{Parts[0].Name} and {Parts.Count - 1} more {(Parts.Count == 2 ? "part" : "parts")}";

    /// <summary>What the kernel says of error correction, over all parts.</summary>
    public EccExpectation Ecc => new(Parts.Sum(part => part.Ecc?.CorrectedBytes ?? 0), Parts.Sum(part => part.Ecc?.UnrecoverableBlocks ?? 0));

    /// <summary>Whether it was put there to fill the store.</summary>
    public bool IsFiller => Text.StartsWith(Fill.Words, StringComparison.Ordinal);

    /// <summary>Whether a marker line of the crash is in it.</summary>
    public bool IsOf(string nonce) => LogLine.ParseAll(Text).Any(line => Marker.Parse(line.Text)?.Nonce == nonce);

    /// <summary>The records of one listing of <c>/sys/fs/pstore</c>.</summary>
    /// <param name="files">File name to content.</param>
    /// <param name="foreign">Names that are not those of records.</param>
    public static IReadOnlyList<FoundRecord> In(IReadOnlyDictionary<string, byte[]> files, out IReadOnlyList<string> foreign)
    {
        var parts = new List<DumpPart>();
        var others = new List<string>();
        foreach (var (file, content) in files)
        {
            if (RecordName.TryParse(file, out var name))
                parts.Add(DumpPart.Read(name, content));
            else
                others.Add(file);
        }

        foreign = others;
        return Of(parts);
    }

    /// <summary>Dumps put together of their parts, and records of other types.</summary>
    public static IReadOnlyList<FoundRecord> Of(IEnumerable<DumpPart> files)
    {
        DumpPart[] parts = [.. files];
        return
        [
            .. Reassembly.Assemble(parts).Select(dump => new FoundRecord(RecordType.Dmesg, dump.Parts, dump.Gaps, dump.Text)),
            .. parts.Where(part => part.Name.Type != RecordType.Dmesg).Select(part => new FoundRecord(part.Name.Type, [part], [], part.Text)),
        ];
    }
}
