using System.Buffers.Binary;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>
/// A flattened device tree, as a boot loader hands it to a kernel: a <c>.dtb</c> file (Devicetree Specification 0.4,
/// chapter 5; versions 16 and 17 of the format).
/// </summary>
public static class DeviceTreeBlob
{
    private const uint Magic = 0xd00dfeed;
    private const int HeaderLength = 40;

    // No tree of a board is deeper.
    private const int MaxDepth = 64;

    private const uint BeginNode = 1;
    private const uint EndNode = 2;
    private const uint Property = 3;
    private const uint Nop = 4;
    private const uint End = 9;

    /// <summary>Whether a blob begins here.</summary>
    /// <param name="bytes">The beginning of a file.</param>
    public static bool IsAt(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderLength && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;

    /// <summary>Reads the tree.</summary>
    /// <param name="blob">The blob from its first byte; what follows it does not count.</param>
    /// <returns>The root.</returns>
    /// <exception cref="RecordFormatException">It is no blob, or damaged.</exception>
    public static DeviceTreeNode Read(ReadOnlyMemory<byte> blob)
    {
        if (!IsAt(blob.Span))
            throw new RecordFormatException("no device tree blob: it does not begin with d00dfeed");
        var reader = new Reader(blob);
        return reader.Root();
    }

    private sealed class Reader
    {
        private readonly ReadOnlyMemory<byte> _structure;
        private readonly ReadOnlyMemory<byte> _strings;
        private int _at;

        public Reader(ReadOnlyMemory<byte> blob)
        {
            uint version = Header(blob.Span, 20);
            uint oldest = Header(blob.Span, 24);
            if (version < 16 || oldest > 17)
                throw new RecordFormatException($"a device tree blob of version {version}; expected 16 or 17");
            uint structure = Header(blob.Span, 8);
            uint strings = Header(blob.Span, 12);
            uint stringsLength = Header(blob.Span, 32);
            uint length = version >= 17 ? Header(blob.Span, 36) : Header(blob.Span, 4) - structure;
            _structure = Slice(blob, structure, length, "nodes");
            _strings = Slice(blob, strings, stringsLength, "names");
        }

        public DeviceTreeNode Root()
        {
            while (Peek() == Nop)
                _at += 4;
            return Token() == BeginNode ? Node(0) : throw Damaged("it does not begin with a node");
        }

        private DeviceTreeNode Node(int depth)
        {
            if (depth > MaxDepth)
                throw Damaged($"its nodes are more than {MaxDepth} deep");
            string name = Text(_structure.Span[_at..]);
            Skip(name.Length + 1);
            var properties = new Dictionary<string, ReadOnlyMemory<byte>>();
            var children = new List<DeviceTreeNode>();
            while (true)
            {
                switch (Token())
                {
                    case BeginNode:
                        children.Add(Node(depth + 1));
                        break;
                    case Property:
                        int length = Number();
                        int offset = Number();
                        if (offset > _strings.Length || length > _structure.Length - _at)
                            throw Damaged($"a property of {name} lies beyond its end");
                        properties[Text(_strings.Span[offset..])] = _structure.Slice(_at, length);
                        Skip(length);
                        break;
                    case Nop:
                        break;
                    case EndNode:
                        return new DeviceTreeNode(name, properties, children);
                    case End:
                        throw Damaged($"it ends within {name}");
                    case var token:
                        throw Damaged($"token {token} in {name}");
                }
            }
        }

        private uint Peek() =>
            _structure.Length - _at >= 4
                ? BinaryPrimitives.ReadUInt32BigEndian(_structure.Span[_at..])
                : throw Damaged("it ends within a node");

        private uint Token()
        {
            uint token = Peek();
            _at += 4;
            return token;
        }

        private int Number() =>
            Token() is <= int.MaxValue and var number ? (int)number : throw Damaged("a negative size");

        // Everything begins at a multiple of 4.
        private void Skip(int length)
        {
            _at += (length + 3) & ~3;
            if (_at > _structure.Length)
                throw Damaged("it ends within a node");
        }

        private static string Text(ReadOnlySpan<byte> bytes) =>
            bytes.IndexOf((byte)0) is >= 0 and var end
                ? RecordText.FromBytes(bytes[..end])
                : throw Damaged("a name has no end");

        private static uint Header(ReadOnlySpan<byte> blob, int offset) =>
            BinaryPrimitives.ReadUInt32BigEndian(blob[offset..]);

        private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> blob, uint offset, uint length, string what) =>
            (ulong)offset + length <= (ulong)blob.Length
                ? blob.Slice((int)offset, (int)length)
                : throw Damaged($"its {what} lie beyond the end of the file");

        private static RecordFormatException Damaged(string why) => new($"a damaged device tree blob: {why}");
    }
}
