using System.Text.Json.Nodes;
using PstoreLab.Cli.Stores;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// Record files as JSON, in the shape of a store's, so that one filter reads both; what only a store has is not there.
/// </summary>
internal static class RecordFilesJson
{
    /// <param name="payload">Each file's bytes as they are, in hexadecimal, too.</param>
    public static JsonObject Of(IReadOnlyList<RecordFile> files, bool payload) =>
        new()
        {
            ["kind"] = "record-files",
            ["records"] = new JsonArray([.. files.Select(file => Record(file, payload))]),
            ["dumps"] = new JsonArray([
                .. RecordContent.Dumps(RecordContent.Of(files)).Select(dump => StoreJson.Dump(dump, RecordState.Live)),
            ]),
        };

    private static JsonObject Record(RecordFile file, bool payload)
    {
        var json = new JsonObject
        {
            ["place"] = file.Path,
            ["name"] = file.Name.ToString(),
            ["type"] = file.Name.Type,
            ["id"] = $"{file.Name.Id}",
            ["state"] = StoreJson.Word(RecordState.Live),
            ["size"] = file.Payload.Length,
            ["markedCompressed"] = file.MarkedCompressed,
            ["compression"] = file.Decompressed.Method.Name,
            ["uncompressedSize"] = file.Decompressed.Bytes.Length,
            ["compressionFault"] = file.Decompressed.Fault,
            ["ecc"] = file.Ecc is { } ecc
                ? new JsonObject
                {
                    ["correctedBytes"] = ecc.CorrectedBytes,
                    ["unrecoverableBlocks"] = ecc.UnrecoverableBlocks,
                }
                : null,
            ["damage"] = RecordContent.Of(file).Marks.Where,
            ["reconstruction"] = StoreJson.Reconstruction(RecordContent.Of(file)),
            ["reconstructionEnded"] = RecordContent.Of(file).ReconstructionEnded,
            ["text"] = StoreJson.Text(RecordContent.Of(file)),
        };
        if (payload)
            json["payload"] = Convert.ToHexStringLower(file.Payload.Span);
        return json;
    }
}
