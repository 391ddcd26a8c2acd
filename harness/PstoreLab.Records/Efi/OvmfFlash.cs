using System.Buffers.Binary;

namespace PstoreLab.Records.Efi;

/// <summary>
/// The empty variable store of OVMF (OvmfPkg/VarStore.fdf.inc): header of the firmware volume, variable store, a block
/// for the event log, the working block of fault-tolerant writes, and their spare area. All else is 0xff, blank flash.
/// </summary>
internal static class OvmfFlash
{
    private const int Block = 0x1000;

    /// <summary>
    /// The sizes in use, in bytes: of the volume, and of the variable area, made of the volume's header and the store.
    /// </summary>
    private static readonly (int Volume, int Variables)[] Sizes = [(0x84000, 0x40000), (0x20000, 0xe000)];

    /// <exception cref="RecordFormatException">OVMF has no such size.</exception>
    public static byte[] Create(long size)
    {
        var (volume, variables) = Sizes.FirstOrDefault(known => known.Volume == size);
        if (volume == 0)
            throw new RecordFormatException(
                $"an OVMF variable store of {size} bytes; expected "
                    + $"{string.Join(" or ", Sizes.Select(known => known.Volume))}"
            );
        byte[] image = new byte[volume];
        image.AsSpan().Fill(0xff);
        WriteVolumeHeader(image);
        WriteStoreHeader(image.AsSpan(VariableStore.VolumeHeaderLength), variables - VariableStore.VolumeHeaderLength);
        WriteWorkingBlock(image.AsSpan(variables + Block));
        return image;
    }

    /// <summary>Writes the header of a volume as long as the image.</summary>
    public static void WriteVolumeHeader(Span<byte> image)
    {
        var header = image[..VariableStore.VolumeHeaderLength];
        header.Clear();
        EfiGuids.NvData.TryWriteBytes(header[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], image.Length);
        "_FVH"u8.CopyTo(header[40..]);
        // Attributes as in OVMF's flash: memory-mapped, readable, writable, erased to ones, …
        BinaryPrimitives.WriteUInt32LittleEndian(header[44..], 0x4feff);
        BinaryPrimitives.WriteUInt16LittleEndian(header[48..], VariableStore.VolumeHeaderLength);
        header[55] = 2;
        // The block map: number and size of the blocks, and its end.
        BinaryPrimitives.WriteInt32LittleEndian(header[56..], image.Length / Block);
        BinaryPrimitives.WriteInt32LittleEndian(header[60..], Block);
        BinaryPrimitives.WriteUInt16LittleEndian(header[50..], unchecked((ushort)-VariableStore.Sum16(header)));
    }

    public static void WriteStoreHeader(Span<byte> store, int length)
    {
        var header = store[..VariableStore.HeaderLength];
        header.Clear();
        EfiGuids.AuthenticatedVariables.TryWriteBytes(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], length);
        header[20] = VariableStore.Formatted;
        header[21] = VariableStore.Healthy;
    }

    // EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER: the CRC covers the header with blank CRC and flags.
    private static void WriteWorkingBlock(Span<byte> block)
    {
        const int length = 32;
        EfiGuids.WorkingBlock.TryWriteBytes(block);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], Block - length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], Crc32(block[..length]));
        block[20] = 0xfe;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
