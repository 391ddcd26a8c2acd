using PstoreLab.Records;
using PstoreLab.Records.Compression;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>How <c>decode</c> words what it says of a record, in a store or in a file.</summary>
internal static class Wording
{
    public const string NothingTested = "nothing was tested: every case is unsupported, for the reasons above";

    /// <summary>
    /// As markup that shows it as it is. These are sentences, not bytes; but a file name or a field may hold anything.
    /// </summary>
    public static string Safe(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString())).EscapeMarkup();

    public static string Many(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>
    /// What its compression is, behind its size; nothing for what is not compressed and is not said to be.
    /// </summary>
    public static string Compression(bool marked, DecompressedPayload unpacked) =>
        (marked, unpacked) switch
        {
            (false, { Method: CompressionMethod.None }) => "",
            (_, { Method: CompressionMethod.Unknown }) => ", compressed with nothing that is known here",
            _ => $", {Method(unpacked.Method)}, "
                + (unpacked.IsComplete || unpacked.ChecksumFailed ? "" : "only the first ")
                + $"{Many(unpacked.Bytes.Length, "byte")} "
                + "uncompressed",
        };

    /// <summary>What a method is called.</summary>
    public static string Method(CompressionMethod method) =>
        method == CompressionMethod.Zlib ? "deflate in a zlib container" : method.Name;

    /// <summary>What follows the compressed stream, as a sentence; null for nothing.</summary>
    public static string? Unused(DecompressedPayload unpacked) =>
        unpacked.TrailingBytes > 0
            ? $"{Many(unpacked.TrailingBytes, "byte")} behind the end of the compressed stream; it may be damaged"
            : null;

    /// <summary>The header of a dump, behind its name; nothing where there is none.</summary>
    public static string Header(RecordName name, DecompressedPayload unpacked) =>
        name.Type == RecordType.Dmesg
        && DumpHeader.TryParse(RecordText.FromBytes(unpacked.Bytes.Span), out var header, out _)
            ? $"  {header}"
            : "";
}
