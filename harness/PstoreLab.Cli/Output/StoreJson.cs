using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PstoreLab.Cli.Stores;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The stores of a file as JSON. Offsets are in bytes from the beginning of the file, or of what is gzipped in it;
/// texts are made harmless as on a terminal.
/// </summary>
internal static class StoreJson
{
    public static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <param name="payload">Each record's bytes as stored, in hexadecimal, too.</param>
    public static JsonObject Of(SearchedFile file, bool payload) =>
        new()
        {
            ["file"] = file.Name,
            ["length"] = file.Length,
            ["unpacked"] = file.Unpacked,
            ["fault"] = file.Fault,
            ["stores"] = new JsonArray([.. file.Stores.Select(found => Store(found.Store, found.Offset, payload))]),
        };

    /// <summary>Each store with the name of its file, for where there is more than one file.</summary>
    public static IEnumerable<JsonNode> Stores(SearchedFile file, bool payload) =>
        file.Stores.Select(found =>
        {
            var json = Store(found.Store, found.Offset, payload);
            json.Insert(0, "file", file.Name);
            json.Insert(1, "fault", file.Fault);
            return json;
        });

    private static JsonObject Store(DecodedStore store, long offset, bool payload)
    {
        var json = new JsonObject
        {
            ["kind"] = Word(store.Kind),
            ["offset"] = offset,
            ["length"] = store.Length,
            ["layout"] = store.Layout,
            ["parameters"] = new JsonObject(
                store.Options.Parameters.Select(parameter =>
                    KeyValuePair.Create(parameter.Key, (JsonNode?)parameter.Value)
                )
            ),
            ["cpus"] = store.Options.Cpus,
            ["kernel"] = store.Options.Kernel?.ToString(),
            ["remarks"] = Strings(store.Remarks),
            ["faults"] = Strings(store.Faults),
            ["records"] = new JsonArray([.. store.Records.Select(record => Record(record, offset, payload))]),
            ["dumps"] = new JsonArray([
                .. Enum.GetValues<RecordState>()
                    .SelectMany(state =>
                        RecordContent
                            .Dumps(store.Records.Where(record => record.State == state).Select(RecordContent.Of))
                            .Select(dump => Dump(dump, state))
                    ),
            ]),
        };
        if (store.Options.Endian is { } endian)
            json["endian"] = Word(endian);
        return json;
    }

    private static JsonObject Record(StoredRecord record, long offset, bool payload)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in record.Fields)
            fields.TryAdd(name, value);
        var json = new JsonObject
        {
            ["place"] = record.Place,
            ["name"] = record.Name.ToString(),
            ["type"] = record.Name.Type,
            // As a number it would lose its last digits in most readers.
            ["id"] = $"{record.Name.Id}",
            ["state"] = Word(record.State),
            ["endsListing"] = record.EndsListing,
            ["offset"] = offset + record.Offset,
            ["regions"] = new JsonArray([
                .. record.Regions.Select(region => new JsonObject
                {
                    ["kind"] = Word(region.Kind),
                    ["offset"] = offset + region.Offset,
                    ["length"] = region.Length,
                }),
            ]),
            ["size"] = record.Payload.Length,
            ["markedCompressed"] = record.MarkedCompressed,
            ["compression"] = record.Decompressed.Method.Name,
            ["uncompressedSize"] = record.Decompressed.Bytes.Length,
            ["compressionFault"] = record.Decompressed.Fault,
            ["written"] = record.WrittenAt?.UtcDateTime.ToString("O"),
            ["ecc"] = Ecc(record.Ecc),
            ["fields"] = fields,
            ["faults"] = Strings(record.Faults),
            ["damage"] = RecordContent.Of(record).Marks.Where,
            ["reconstruction"] = Reconstruction(RecordContent.Of(record)),
            ["reconstructionEnded"] = RecordContent.Of(record).ReconstructionEnded,
            ["text"] = Text(RecordContent.Of(record)),
        };
        if (payload)
            json["payload"] = Convert.ToHexStringLower(record.Payload.Span);
        return json;
    }

    private static JsonObject? Ecc(EccReport? ecc) =>
        ecc is null
            ? null
            : new JsonObject
            {
                ["blockSize"] = ecc.BlockSize,
                ["paritySize"] = ecc.ParitySize,
                ["correctedBytes"] = ecc.CorrectedBytes,
                ["headerCorrectedBytes"] = ecc.HeaderCorrectedBytes,
                ["headerLost"] = ecc.HeaderLost,
                ["unrecoverableBlocks"] = ecc.UnrecoverableBlocks,
                ["blocks"] = new JsonArray([
                    .. ecc
                        .Blocks.Where(block => block.CorrectedBytes != 0)
                        .Select(block => new JsonObject
                        {
                            ["index"] = block.Index,
                            ["offset"] = block.Offset,
                            ["length"] = block.Length,
                            ["correctedBytes"] = block.CorrectedBytes,
                        }),
                ]),
            };

    public static JsonObject Dump(Dump dump, RecordState state)
    {
        var json = new JsonObject
        {
            ["state"] = Word(state),
            ["backend"] = dump.Backend,
            ["reason"] = dump.Header?.Reason,
            ["count"] = dump.Header?.Count,
            ["parts"] = Strings(dump.Parts.Select(part => part.Name.ToString())),
            ["gaps"] = Strings(dump.MissingParts.Select(part => part.ToString())),
            ["text"] = RecordText.ForDisplay(dump.Text),
        };
        if (dump.PartsByName > 0)
            json["partsByName"] = dump.PartsByName;
        return json;
    }

    /// <summary>The text behind its damage, and how sure it is; null for none.</summary>
    public static JsonObject? Reconstruction(RecordContent record) =>
        record.Reconstruction is { } made
            ? new JsonObject
            {
                ["how"] = made.How,
                ["certain"] = made.IsCertain,
                ["knownBytes"] = made.KnownBytes,
                ["inferredBytes"] = made.InferredBytes,
                ["unknownBytes"] = made.UnknownBytes,
                ["text"] = RecordText.ForDisplay(RecordText.FromBytes(made.Text.Span)),
            }
            : null;

    /// <summary>What is in a record, with marks where it is damaged; null for one that is no text.</summary>
    public static string? Text(RecordContent record) =>
        record.Name.Type == RecordType.Mce ? null : RecordText.ForDisplay(record.Text);

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
