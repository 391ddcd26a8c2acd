using System.Buffers;
using System.Buffers.Binary;
using PstoreLab.Records;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// The journal as <c>journalctl -o export</c> writes it (systemd, docs/JOURNAL_EXPORT_FORMATS.md): a field a line, or
/// its name alone, eight bytes of length, and the value; an empty line ends an entry.
/// </summary>
internal sealed class JournalExport : Container
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8
    );

    protected override bool Begins(ReadOnlySpan<byte> head)
    {
        int line = head.IndexOf((byte)'\n');
        if (line < 1 || head[0] is not ((>= (byte)'A' and <= (byte)'Z') or (byte)'_'))
            return false;
        return head.StartsWith("__CURSOR="u8) || (IsName(Name(head[..line])) && head.IndexOf("MESSAGE=PStore "u8) >= 0);
    }

    public override void Read(StoreFile file, IMembers members)
    {
        var lines = new ByteLines(file.Content);
        var seen = new Dictionary<string, int>();
        var entry = default(JournalEntry);
        while (lines.Read() is { } line)
        {
            if (line.Length == 0)
            {
                entry.Take(file, members, seen);
                entry = default;
                continue;
            }
            string name = RecordText.FromBytes(Name(line));
            byte[] value;
            ulong missing = 0;
            if (name.Length < line.Length)
            {
                value = line[(name.Length + 1)..];
            }
            else
            {
                byte[] length = lines.Read(sizeof(ulong));
                ulong size = length.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(length) : 0;
                value = lines.Read(size);
                missing = size - (ulong)value.Length;
                lines.Read(1);
            }
            entry = name switch
            {
                JournalEntry.MessageField => entry with { Message = RecordText.FromBytes(value) },
                JournalEntry.FileField => entry with { File = value },
                _ => entry,
            };
            if (missing > 0 && value.Length <= RecordFile.Largest)
            {
                entry.Take(file, members, seen);
                throw new InvalidDataException($"it ends {missing} bytes before the end of a {name}");
            }
        }
        entry.Take(file, members, seen);
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> line) =>
        line.IndexOf((byte)'=') is >= 0 and var equals ? line[..equals] : line;

    private static bool IsName(ReadOnlySpan<byte> name) => name.IndexOfAnyExcept(NameBytes) < 0;
}
