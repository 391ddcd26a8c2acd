using PstoreLab.Records.Nvram;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// An image of a POWER machine's NVRAM, as <c>/dev/nvram</c> or a file behind QEMU's <c>spapr-nvram</c>.
/// </summary>
internal sealed class NvramImage : Container
{
    // No machine has more.
    private const int Largest = 16 << 20;

    protected override bool Begins(ReadOnlySpan<byte> head) => OopsPartition.IsIn(head);

    public override void Read(StoreFile file, IMembers members)
    {
        if (OopsPartition.Read(file.ReadWhole(Largest)) is not { } record)
            return;
        members.Record(
            RecordFile.Of($"{file.Name}/{record.Name with { Compressed = false }}", record.Name, record.Payload)
        );
        if (record.IsCut)
            throw new InvalidDataException("its partition lnx,oops-log ends within the record");
    }
}
