using PstoreLab.Records.Erst;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>Common platform error records, one behind the other, without a store around them.</summary>
internal sealed class ErrorRecords : Container
{
    private const int Largest = 64 << 20;

    protected override bool Begins(ReadOnlySpan<byte> head) => CperDump.IsAt(head);

    public override void Read(StoreFile file, IMembers members)
    {
        Take(file.Name, CperDump.Find(file.ReadWhole(Largest)), members.Record);
    }

    /// <summary>Hands on records, those of one name told apart by their offsets.</summary>
    /// <exception cref="InvalidDataException">The last of them is cut off.</exception>
    public static void Take(string file, IReadOnlyList<CperDump> records, Action<RecordFile> take)
    {
        foreach (var record in records)
        {
            string name = (record.Name with { Compressed = false }).ToString();
            bool alone = records.Count(other => other.Name.Id == record.Name.Id) == 1;
            take(
                RecordFile.Of(
                    alone ? $"{file}/{name}" : $"{file}/0x{record.Offset:x}/{name}",
                    record.Name,
                    record.Payload
                )
            );
        }
        if (records is [.., { IsCut: true } last])
            throw new InvalidDataException($"it ends within the error record at 0x{last.Offset:x}");
    }
}
