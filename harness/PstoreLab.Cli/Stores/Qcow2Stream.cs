using System.Buffers.Binary;
using System.IO.Compression;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Cli.Stores;

/// <summary>
/// What a guest sees of a qcow2, such as libvirt keeps variables in (docs/interop/qcow2.rst of QEMU 10.0). Only the
/// file itself is read: no other file that it names is opened.
/// </summary>
internal sealed class Qcow2Stream : Stream
{
    public const int HeadLength = 112;

    private const int EntryLength = sizeof(ulong);
    private const ulong OffsetMask = 0x00fffffffffffe00;
    private const ulong IsCompressed = 1UL << 62;
    private const ulong ReadsAsZeros = 1;
    private const ulong ExternalDataFile = 1 << 2;
    private const ulong OtherCompression = 1 << 3;
    private const ulong ExtendedEntries = 1 << 4;

    private readonly Stream _file;
    private readonly int _clusterBits;
    private readonly long _tables;
    private readonly uint _tableCount;
    private readonly byte[] _cluster;
    private long _held = -1;

    private Qcow2Stream(Stream file, ReadOnlySpan<byte> head)
    {
        _file = file;
        _clusterBits = (int)BinaryPrimitives.ReadUInt32BigEndian(head[20..]);
        Length = BinaryPrimitives.ReadInt64BigEndian(head[24..]);
        _tableCount = BinaryPrimitives.ReadUInt32BigEndian(head[36..]);
        _tables = BinaryPrimitives.ReadInt64BigEndian(head[40..]);
        _cluster = new byte[1 << _clusterBits];
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    /// <summary>Whether a file is a qcow2 by its first bytes.</summary>
    public static bool IsAt(ReadOnlySpan<byte> head) => head.StartsWith("QFI"u8) && head.Length > 3 && head[3] == 0xfb;

    /// <param name="name">For messages.</param>
    /// <param name="file">Seekable; it stays open.</param>
    /// <exception cref="UsageException">It does not stand for itself, or is of a kind that is not read
    /// here.</exception>
    public static Qcow2Stream Open(string name, Stream file)
    {
        file.Position = 0;
        byte[] head = new byte[HeadLength];
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        uint version = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
        uint bits = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(20));
        ulong features = version < 3 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(72));
        string? refusal =
            read < 72 ? "was cut short"
            : version is not (2 or 3) ? $"is of version {version}"
            : BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(32)) != 0 ? "is encrypted"
            : BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8)) != 0
                ? "lies over another disk, which is not opened for it"
            : (features & ExternalDataFile) != 0 ? "has its data in another file, which is not opened for it"
            : (features & (OtherCompression | ExtendedEntries)) != 0 ? "uses what is not read here"
            : bits is < 9 or > 21 || BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(24)) < 0 ? "is damaged"
            : null;
        return refusal is null
            ? new Qcow2Stream(file, head)
            : throw new UsageException(
                $"{name} is a qcow2 that {refusal}; `qemu-img convert -O raw {name} disk.raw` makes a file of it"
            );
    }

    public override int Read(Span<byte> buffer)
    {
        long rest = Length - Position;
        if (rest <= 0)
            return 0;
        int within = (int)(Position & (_cluster.Length - 1));
        int length = (int)Math.Min(Math.Min(buffer.Length, rest), _cluster.Length - within);
        Hold(Position >> _clusterBits);
        _cluster.AsSpan(within, length).CopyTo(buffer);
        Position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + (
                origin == SeekOrigin.Begin ? 0
                : origin == SeekOrigin.Current ? Position
                : Length
            );

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Hold(long cluster)
    {
        if (cluster == _held)
            return;
        _held = -1;
        int tableBits = _clusterBits - 3;
        ulong table = cluster >> tableBits < _tableCount ? Entry(_tables, cluster >> tableBits) & OffsetMask : 0;
        ulong entry = table == 0 ? 0 : Entry((long)table, cluster & ((1L << tableBits) - 1));
        if ((entry & IsCompressed) != 0)
            Decompress(entry & ~(3UL << 62));
        else if ((entry & OffsetMask) == 0 || (entry & ReadsAsZeros) != 0)
            _cluster.AsSpan().Clear();
        else
            ReadAt((long)(entry & OffsetMask), _cluster);
        _held = cluster;
    }

    private void Decompress(ulong descriptor)
    {
        int offsetBits = 62 - (_clusterBits - 8);
        long offset = (long)(descriptor & ((1UL << offsetBits) - 1));
        long length = ((long)(descriptor >> offsetBits) + 1) * 512 - (offset & 511);
        byte[] packed = new byte[Math.Min(length, 2L * _cluster.Length)];
        ReadAt(offset, packed);
        using var inflater = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        _cluster.AsSpan().Clear();
        inflater.ReadAtLeast(_cluster, _cluster.Length, throwOnEndOfStream: false);
    }

    private ulong Entry(long table, long index)
    {
        byte[] entry = new byte[EntryLength];
        ReadAt(table + (index * EntryLength), entry);
        return BinaryPrimitives.ReadUInt64BigEndian(entry);
    }

    // What is behind the end of the file reads as zeros.
    private void ReadAt(long offset, Span<byte> bytes)
    {
        bytes.Clear();
        if (offset < 0 || offset >= _file.Length)
            return;
        _file.Position = offset;
        _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
    }
}
