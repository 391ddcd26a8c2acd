using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Records.Tests.Ramoops.Boards;

/// <summary>Writes a device tree blob of version 17, by the Devicetree Specification alone.</summary>
internal sealed class BlobWriter
{
    private readonly List<byte> _structure = [];
    private readonly List<byte> _strings = [];

    public BlobWriter Begin(string name)
    {
        Number(1);
        _structure.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        return Padded();
    }

    public BlobWriter Cells(string name, params uint[] cells)
    {
        byte[] value = new byte[4 * cells.Length];
        for (int index = 0; index < cells.Length; index++)
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4 * index), cells[index]);
        return Property(name, value);
    }

    public BlobWriter Text(string name, string text) => Property(name, Encoding.ASCII.GetBytes(text + "\0"));

    public BlobWriter Nop() => Number(4);

    public BlobWriter End() => Number(2);

    public byte[] Blob()
    {
        Number(9);
        byte[] blob = new byte[40 + 16 + _structure.Count + _strings.Count];
        uint structure = 56;
        uint strings = structure + (uint)_structure.Count;
        uint[] header =
        [
            0xd00dfeed,
            (uint)blob.Length,
            structure,
            strings,
            40,
            17,
            16,
            0,
            (uint)_strings.Count,
            (uint)_structure.Count,
        ];
        for (int index = 0; index < header.Length; index++)
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(4 * index), header[index]);
        _structure.CopyTo(blob, (int)structure);
        _strings.CopyTo(blob, (int)strings);
        return blob;
    }

    private BlobWriter Property(string name, byte[] value)
    {
        Number(3);
        Number((uint)value.Length);
        Number((uint)_strings.Count);
        _strings.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        _structure.AddRange(value);
        return Padded();
    }

    private BlobWriter Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        _structure.AddRange(bytes);
        return this;
    }

    private BlobWriter Padded()
    {
        while (_structure.Count % 4 != 0)
            _structure.Add(0);
        return this;
    }
}
