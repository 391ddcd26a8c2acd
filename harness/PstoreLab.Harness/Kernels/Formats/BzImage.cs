using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// An x86 kernel as it is installed: a boot stub with the real kernel compressed inside. Offsets are those of the boot
/// protocol, 2.08 or later (Linux 2.6.26): Documentation/arch/x86/boot.rst.
/// </summary>
public sealed class BzImage
{
    private const int SetupSectors = 0x1f1;
    private const int HeaderMagic = 0x202;
    private const int ProtocolVersion = 0x206;
    private const int KernelVersion = 0x20e;
    private const int PayloadOffset = 0x248;
    private const int PayloadLength = 0x24c;
    private const int SectorSize = 512;

    // One more than a release may have.
    private const int LongestShown = 129;

    private static readonly byte[] ElfMagic = [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    private readonly string _path;
    private readonly byte[] _image;

    private BzImage(string path, byte[] image) => (_path, _image) = (path, image);

    /// <summary>Reads a kernel and checks that it is one.</summary>
    /// <exception cref="InfraException">It is not a bzImage, or is cut short.</exception>
    public static async Task<BzImage> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var image = await File.ReadAllBytesAsync(path, cancellationToken);
        if (image.Length < PayloadLength + 4 || !image.AsSpan(HeaderMagic).StartsWith("HdrS"u8))
            throw new InfraException($"{path}: not a bzImage: it has no x86 boot header.");
        var protocol = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(ProtocolVersion));
        if (protocol < 0x208)
            throw new InfraException(
                $"{path}: boot protocol {protocol >> 8}.{protocol & 0xff:d2} is too old; 2.08 (Linux "
                    + "2.6.26) or later is needed."
            );
        return new BzImage(path, image);
    }

    /// <summary>What <c>uname -r</c> will say.</summary>
    /// <exception cref="InfraException">It does not say, or no release of a kernel.</exception>
    public string Release
    {
        get
        {
            // The field counts from 0x200 and leads to "6.1.0-50-686 (builder) #1 …", ended by NUL.
            var text = _image.AsSpan(Math.Min(Word16(KernelVersion) + 0x200, _image.Length));
            var end = text.IndexOfAny((byte)' ', (byte)0);
            return end > 0
                ? KernelRelease.Require(Encoding.Latin1.GetString(text[..Math.Min(end, LongestShown)]), _path)
                : throw new InfraException($"{_path}: it does not say its version.");
        }
    }

    /// <summary>Takes the uncompressed kernel out.</summary>
    /// <exception cref="InfraException">The payload is damaged, or does not hold an ELF image.</exception>
    public async Task ExtractAsync(Decompressor decompressor, string target, CancellationToken cancellationToken)
    {
        var (start, length) = Payload();
        var format =
            CompressedFormat.Of(_image.AsSpan(start, length))
            ?? throw new InfraException(
                $"{_path}: its payload is compressed in an unknown way, beginning with "
                    + $"{Convert.ToHexString(_image, start, Math.Min(8, length))}."
            );
        // The build appends the uncompressed size, which is not part of any format but gzip's own trailer; other
        // programs call it garbage.
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_image.AsSpan(start + length - 4));
        var compressed = new MemoryStream(
            _image,
            start,
            format.Program == "gzip" ? length : length - 4,
            writable: false
        );
        await using (var vmlinux = File.Create(target))
            await decompressor.RunAsync(format, compressed, vmlinux, cancellationToken);
        await CheckAsync(target, size, cancellationToken);
    }

    private (int Start, int Length) Payload()
    {
        // boot.rst: a count of 0 means 4, for the sake of kernels older than the field.
        var setup = _image[SetupSectors] == 0 ? 4 : _image[SetupSectors];
        var start = ((setup + 1L) * SectorSize) + Word32(PayloadOffset);
        long length = Word32(PayloadLength);
        return length >= 8 && start + length <= _image.Length
            ? ((int)start, (int)length)
            : throw new InfraException(
                $"{_path}: cut short: the payload of {length} bytes at {start} ends beyond the file's "
                    + $"{_image.Length} bytes."
            );
    }

    private async Task CheckAsync(string vmlinux, uint size, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(vmlinux);
        var head = new byte[ElfMagic.Length];
        await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (stream.Length != size)
            throw new InfraException($"{_path}: unpacked to {stream.Length} bytes where its header promises {size}.");
        if (!head.AsSpan().SequenceEqual(ElfMagic))
            throw new InfraException($"{_path}: unpacked to something that is not an ELF image.");
    }

    private int Word16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan(offset));

    private uint Word32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_image.AsSpan(offset));
}
