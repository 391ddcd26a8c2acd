using System.Buffers.Binary;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels.Formats;
using PstoreLab.Records;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Tells by its first bytes what a user's disk is. They come first because QEMU, qemu-img included, opens whatever
/// file or server a disk names, and without a format takes the one that the content suggests.
/// </summary>
internal static class ImageFormat
{
    /// <summary>How many bytes it takes: what a qcow2 has before its tables, names of other files included.</summary>
    public const int HeadSize = 4096;

    private const int HeaderSize = 512;
    private const int BackingFileAt = 8;
    private const int BackingNameLengthAt = 16;
    private const int EncryptionAt = 32;
    private const int IncompatibleFeaturesAt = 72;
    private const int HeaderLengthAt = 100;
    private const uint DataFileExtension = 0x44415441;
    private const uint EndOfExtensions = 0;
    private const ulong ExternalDataFile = 1 << 2;

    // block/vmdk.c, block/vdi.c, block/vhdx.h, block/vpc.c, block/qed.h of QEMU 10.0, and its names for them.
    private static readonly (int Offset, byte[] Magic, string Name)[] Foreign =
    [
        (0, "KDMV"u8.ToArray(), "vmdk"),
        (0, "COWD"u8.ToArray(), "vmdk"),
        (0, "# Disk DescriptorFile"u8.ToArray(), "vmdk"),
        (0x40, [0x7f, 0x10, 0xda, 0xbe], "vdi"),
        (0, "vhdxfile"u8.ToArray(), "vhdx"),
        (0, "conectix"u8.ToArray(), "vpc"),
        (0, "QED\0"u8.ToArray(), "qed"),
    ];

    private static ReadOnlySpan<byte> Qcow => [(byte)'Q', (byte)'F', (byte)'I', 0xfb];

    /// <exception cref="UsageException">It is neither a raw disk nor a qcow2 that stands for itself.</exception>
    public static DiskFormat Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Qcow))
            return OfQcow(head);
        foreach (var (offset, magic, name) in Foreign)
        {
            if (head.Length > offset && head[offset..].StartsWith(magic))
                throw Convertible(name);
        }

        return CompressedFormat.Of(head) is { } compressed
            ? throw new UsageException($"it is compressed (`{compressed.Program} -d` decompresses it)")
            : DiskFormat.Raw;
    }

    // docs/interop/qcow2.rst of QEMU 10.0.
    private static DiskFormat OfQcow(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeaderSize)
            throw new UsageException("it is a qcow2 that was cut short");
        uint version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (version < 2)
            throw Convertible("qcow");
        if (BinaryPrimitives.ReadUInt32BigEndian(head[EncryptionAt..]) != 0)
            throw new UsageException("it is encrypted");
        if (BinaryPrimitives.ReadUInt64BigEndian(head[BackingFileAt..]) is not 0 and var backing)
            throw Dependent(
                "it is an overlay over another disk",
                head,
                backing,
                BinaryPrimitives.ReadUInt32BigEndian(head[BackingNameLengthAt..])
            );
        ulong features = version < 3 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(head[IncompatibleFeaturesAt..]);
        if ((features & ExternalDataFile) == 0)
            return DiskFormat.Qcow2;
        var (at, length) = DataFile(head);
        throw Dependent("its data is in another file", head, at, length);
    }

    /// <summary>Where the header extension is that names the data file; nowhere where there is none.</summary>
    private static (ulong At, uint Length) DataFile(ReadOnlySpan<byte> head)
    {
        long at = BinaryPrimitives.ReadUInt32BigEndian(head[HeaderLengthAt..]);
        while (at + 8 <= head.Length)
        {
            uint type = BinaryPrimitives.ReadUInt32BigEndian(head[(int)at..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head[((int)at + 4)..]);
            if (type is DataFileExtension or EndOfExtensions)
                return type == DataFileExtension ? ((ulong)at + 8, length) : default;
            at += 8 + ((length + 7L) & ~7L);
        }

        return default;
    }

    private static UsageException Convertible(string format) =>
        new($"it is a {format} disk (`qemu-img convert -O qcow2` makes a qcow2 of it)");

    private static UsageException Dependent(string how, ReadOnlySpan<byte> head, ulong at, uint length)
    {
        string name =
            length > 0 && length <= head.Length && at <= (ulong)(head.Length - length)
                ? $", {RecordText.ForDisplay(RecordText.FromBytes(head.Slice((int)at, (int)length)))}"
                : "";
        return new($"{how}{name}, which is not opened for it (`qemu-img convert -O qcow2` makes one disk of both)");
    }
}
