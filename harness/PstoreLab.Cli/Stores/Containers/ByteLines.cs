using System.Buffers;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>Lines of a stream, and bytes between them, none longer than anybody needs.</summary>
internal sealed class ByteLines(Stream stream)
{
    /// <summary>A record of the largest size as a JSON array of numbers, and what stands beside it.</summary>
    private const int LongestLine = 6 * RecordFile.Largest;

    private readonly byte[] _buffer = new byte[64 << 10];
    private int _at;
    private int _end;

    /// <summary>The next line, without its end.</summary>
    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public byte[]? Read()
    {
        var line = new ArrayBufferWriter<byte>();
        while (Fill())
        {
            var rest = _buffer.AsSpan(_at.._end);
            int length = rest.IndexOf((byte)'\n');
            line.Write(length < 0 ? rest : rest[..length]);
            _at += length < 0 ? rest.Length : length + 1;
            if (length >= 0)
                return line.WrittenSpan.ToArray();
            if (line.WrittenCount > LongestLine)
                throw new InvalidDataException($"a line has more than {LongestLine} bytes");
        }
        return line.WrittenCount > 0 ? line.WrittenSpan.ToArray() : null;
    }

    /// <summary>The next bytes, as far as there are so many; of more than a record has only the first.</summary>
    public byte[] Read(ulong length)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (length > 0 && Fill())
        {
            int taken = (int)Math.Min(length, (ulong)(_end - _at));
            if (bytes.WrittenCount <= RecordFile.Largest)
                bytes.Write(_buffer.AsSpan(_at, taken));
            _at += taken;
            length -= (ulong)taken;
        }
        return bytes.WrittenSpan.ToArray();
    }

    private bool Fill()
    {
        if (_at < _end)
            return true;
        _at = 0;
        _end = stream.Read(_buffer);
        return _end > 0;
    }
}
