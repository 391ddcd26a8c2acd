using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Output;

/// <summary>The dumps that a store's records make.</summary>
internal static class StoredDumps
{
    /// <param name="records">Of any type and one state: an erased piece is no part of a live dump.</param>
    public static IReadOnlyList<Dump> Of(IEnumerable<StoredRecord> records) =>
        Reassembly.Assemble(records
            .Where(record => record.Name.Type == RecordType.Dmesg && record.Unpacked.Bytes.Length > 0)
            .Select(DumpPart.Of));
}
