using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>A state as QEMU 7.2 saves it, byte by byte.</summary>
internal sealed class SavedState
{
    private readonly List<byte> _bytes = [];

    /// <param name="sizes">Pieces of memory, those in shared files among them.</param>
    public SavedState(params (string Name, int Length)[] sizes)
    {
        Add("QEVM"u8).Int(3).Byte(7).Int(13).Add("pc-i440fx-7.2"u8);
        Byte(5).Name("configuration/capabilities").Int(1).Int(1).Name("x-ignore-shared");
        Byte(1).Int(2).Name("ram").Int(0).Int(4);
        Long(sizes.Sum(size => (long)size.Length) | 4);
        foreach (var (name, length) in sizes)
            Name(name).Long(length).Long(0);
        EndOfSection();
    }

    public byte[] Bytes => [.. _bytes];

    public SavedState Part() => Byte(2).Int(2);

    public SavedState Page(string piece, int number, byte[] content) =>
        Long((number * 4096L) | 8).Name(piece).Add(content);

    public SavedState NextPage(int number, byte[] content) => Long((number * 4096L) | 0x28).Add(content);

    public SavedState NextZeros(int number) => Long((number * 4096L) | 0x22).Byte(0);

    public SavedState EndOfSection() => Long(0x10).Byte(0x7e).Int(2);

    /// <summary>A device behind all memory.</summary>
    public SavedState Device() => Byte(3).Int(2).EndOfSection().Byte(4).Int(3).Name("timer").Int(0).Int(2).Long(42);

    private SavedState Name(string name) => Byte((byte)name.Length).Add(Encoding.ASCII.GetBytes(name));

    private SavedState Byte(byte value) => Add([value]);

    private SavedState Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Add(bytes);
    }

    private SavedState Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Add(bytes);
    }

    private SavedState Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
