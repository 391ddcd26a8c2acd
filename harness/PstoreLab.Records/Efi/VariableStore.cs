using System.Buffers.Binary;

namespace PstoreLab.Records.Efi;

/// <summary>
/// Place of the variables in an image: behind a VARIABLE_STORE_HEADER (MdeModulePkg/Include/Guid/VariableFormat.h),
/// with or without an EFI_FIRMWARE_VOLUME_HEADER before it (MdePkg/Include/Pi/PiFirmwareVolume.h).
/// </summary>
internal sealed class VariableStore
{
    public const int HeaderLength = 28;
    public const int VolumeHeaderLength = 72;
    public const byte Formatted = 0x5a;
    public const byte Healthy = 0xfe;

    private VariableStore() { }

    /// <summary>Offset of its header in the image, in bytes.</summary>
    public required int Offset { get; init; }

    /// <summary>Length within the image, header included, in bytes.</summary>
    public required int Length { get; init; }

    public required bool Authenticated { get; init; }

    /// <summary>Length of the firmware volume, in bytes; null for a store without one.</summary>
    public long? VolumeLength { get; init; }

    /// <summary>Why firmware replaces the store by an empty one; null for a valid store.</summary>
    public string? Rejection { get; private init; }

    public int End => Offset + Length;

    public int VariableHeaderLength => Authenticated ? EfiVariable.LongHeader : EfiVariable.ShortHeader;

    /// <summary>Offset behind the last variable that firmware sees.</summary>
    public int FreeOffset { get; private set; }

    /// <summary>
    /// Offset behind the last variable that is completely within the store. Variables behind it are hidden from
    /// firmware.
    /// </summary>
    public int HiddenOffset { get; private set; }

    public int Free => Math.Max(0, End - FreeOffset);

    /// <summary>Whether an image begins with a firmware volume for variables.</summary>
    public static bool IsVolume(ReadOnlySpan<byte> head) =>
        head.Length >= VolumeHeaderLength
        && head.Slice(40, 4).SequenceEqual("_FVH"u8)
        && new Guid(head[16..32]) == EfiGuids.NvData;

    /// <summary>Whether an image begins with a store, without a volume.</summary>
    public static bool IsBare(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderLength && IsStore(head) && head[20] == Formatted;

    /// <summary>Finds the store of an image.</summary>
    /// <exception cref="RecordFormatException">The image has none.</exception>
    public static VariableStore Find(ReadOnlySpan<byte> image)
    {
        if (!IsVolume(image))
            return IsBare(image)
                ? Read(image, 0, null, null)
                : throw new RecordFormatException(
                    "no EFI variable store: neither a firmware volume for variables nor a variable store "
                        + "begins at its first byte"
                );
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(image[48..]);
        if (
            offset < VolumeHeaderLength
            || offset % 2 != 0
            || image.Length - offset < HeaderLength
            || !IsStore(image[offset..])
        )
        {
            // The length of the header may be damaged. The usual length leads to the store, too.
            if (image.Length - VolumeHeaderLength < HeaderLength || !IsStore(image[VolumeHeaderLength..]))
                throw new RecordFormatException(
                    $"no EFI variable store: the firmware volume has no variable store at byte {offset}, "
                        + "behind its header"
                );
            offset = VolumeHeaderLength;
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(image[32..]);
        return Read(image, offset, (long)Math.Min(length, long.MaxValue), VolumeFault(image, offset, length));
    }

    /// <summary>Reads the variables as firmware does: one behind the other, up to the first without a start
    /// id.</summary>
    public IReadOnlyList<EfiVariable> Walk(ReadOnlySpan<byte> image)
    {
        var variables = new List<EfiVariable>();
        long at = Offset + HeaderLength;
        while (at < End && EfiVariable.At(image, (int)at, End, VariableHeaderLength) is { } variable)
        {
            variables.Add(variable);
            at = variable.Next;
        }

        FreeOffset = (int)Math.Min(at, End);
        HiddenOffset = variables is [.., { Missing: > 0 } broken] ? broken.Offset + VariableHeaderLength : FreeOffset;
        return variables;
    }

    private static bool IsStore(ReadOnlySpan<byte> bytes) =>
        new Guid(bytes[..16]) is var guid && (guid == EfiGuids.AuthenticatedVariables || guid == EfiGuids.Variables);

    private static VariableStore Read(ReadOnlySpan<byte> image, int offset, long? volumeLength, string? volumeFault)
    {
        var header = image[offset..];
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        long room = image.Length - offset;
        string? fault =
            header[20] != Formatted || header[21] != Healthy
                ? $"the variable store's format and state are 0x{header[20]:x2} and 0x{header[21]:x2}, "
                    + "expected 0x5a and 0xfe"
            : size < HeaderLength || size > room
                ? $"the variable store's size is {size} bytes, expected between {HeaderLength} and {room}"
            : null;
        return new VariableStore
        {
            Offset = offset,
            Length = (int)(size < HeaderLength ? room : Math.Min(size, room)),
            Authenticated = new Guid(header[..16]) == EfiGuids.AuthenticatedVariables,
            VolumeLength = volumeLength,
            Rejection = volumeFault ?? fault,
        };
    }

    // ValidateFvHeader in OvmfPkg/QemuFlashFvbServicesRuntimeDxe: revision, signature, length, an even header length,
    // checksum.
    private static string? VolumeFault(ReadOnlySpan<byte> image, int headerLength, ulong length)
    {
        if (image[55] != 2)
            return $"the firmware volume's revision is {image[55]}, expected 2";
        if (BinaryPrimitives.ReadUInt16LittleEndian(image[48..]) != headerLength)
            return "the firmware volume's header claims to be "
                + $"{BinaryPrimitives.ReadUInt16LittleEndian(image[48..])} bytes long, and has {headerLength}";
        if (length < (ulong)headerLength || length > (ulong)image.Length)
            return $"the firmware volume's length is {length} bytes, expected no more than the image's {image.Length}";
        ushort sum = Sum16(image[..headerLength]);
        return sum != 0 ? $"the firmware volume's header adds up to 0x{sum:x4}, expected 0" : null;
    }

    public static ushort Sum16(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0;
        for (int at = 0; at + 1 < bytes.Length; at += 2)
            sum = unchecked((ushort)(sum + BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])));
        return sum;
    }
}
