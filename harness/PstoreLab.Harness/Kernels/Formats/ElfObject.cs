using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// As much of an ELF64 little-endian relocatable object (elf(5)), a kernel module, as it takes to find a symbol and
/// room beside relocations. A file of another shape, cut or damaged ones among them, makes every member throw
/// <see cref="InvalidDataException"/> and nothing else.
/// </summary>
/// <remarks>
/// Not ELFSharp 2.17.3: it knows no relocations, nor the section that some are for (sh_info), does not tell where in
/// the file a symbol is, and ends on damaged files with one of ten exceptions.
/// </remarks>
internal sealed class ElfObject
{
    /// <summary>Offset of the value in a symbol.</summary>
    public const int SymbolValue = 8;

    private const int SymbolSection = 6;
    private const int SectionHeaderSize = 64;
    private const int EntrySize = 24;
    private const int SymbolTable = 2;
    private const int Relocations = 4;

    // A relocation in code takes four bytes, and the loader may patch the whole instruction, which begins up to three
    // before.
    private const int Width = 4;
    private const int Before = 3;

    private readonly byte[] _file;
    private readonly SectionHeader[] _sections;
    private readonly int _names;

    public ElfObject(byte[] file)
    {
        if (!file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        _file = file;
        long table = Long(40);
        _sections = [.. Enumerable.Range(0, Short(60)).Select(index => HeaderAt(table + index * SectionHeaderSize))];
        _names = Short(62);
    }

    /// <summary>A section's bytes, in the file.</summary>
    public Span<byte> Section(string name)
    {
        long names = SectionAt(_names).Offset;
        return Content(Found(_sections, section => Text(names + section.Name) == name, $"section {name}"));
    }

    /// <summary>Where in the file a symbol is.</summary>
    public int Symbol(string name)
    {
        var symbols =
            from table in _sections
            where table.Type == SymbolTable
            let names = SectionAt(table.Link).Offset
            from entry in Entries(table)
            select (Name: names + (uint)Int(entry), Entry: entry);
        return Found(symbols, symbol => Text(symbol.Name) == name, $"symbol {name}").Entry;
    }

    /// <summary>The bytes of the section that a symbol is in.</summary>
    public Span<byte> SectionOf(int symbol) => Content(SectionAt(Short(symbol + SymbolSection)));

    /// <summary>
    /// An offset in the symbol's section, at the symbol or behind it, at which so many bytes are not touched by the
    /// loader.
    /// </summary>
    public int FreePlace(int symbol, int length)
    {
        int section = Short(symbol + SymbolSection);
        long start = Long(symbol + SymbolValue);
        long end = SectionOf(symbol).Length - length;
        if (start < 0 || start >= end)
            throw new InvalidDataException("its init function is outside of its section");
        long[] relocated =
        [
            .. from table in _sections
            where table.Type == Relocations && table.Info == section
            from entry in Entries(table)
            select Long(entry),
        ];
        return Found(
            Enumerable.Range((int)start, (int)(end - start)),
            place => relocated.All(at => at + Width <= place || at - Before >= place + length),
            "room in its init function"
        );
    }

    private static T Found<T>(IEnumerable<T> all, Func<T, bool> wanted, string what)
    {
        foreach (var one in all)
        {
            if (wanted(one))
                return one;
        }

        throw new InvalidDataException($"it has no {what}");
    }

    private SectionHeader HeaderAt(long at)
    {
        var header = Bytes(at, SectionHeaderSize);
        return new SectionHeader(
            Name: BinaryPrimitives.ReadUInt32LittleEndian(header),
            Type: BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            Offset: BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
            Size: BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
            Link: BinaryPrimitives.ReadInt32LittleEndian(header[40..]),
            Info: BinaryPrimitives.ReadInt32LittleEndian(header[44..])
        );
    }

    private SectionHeader SectionAt(int index) =>
        index >= 0 && index < _sections.Length
            ? _sections[index]
            : throw new InvalidDataException($"it names section {index} of {_sections.Length}");

    /// <summary>Where in the file the entries of a table are.</summary>
    private IEnumerable<int> Entries(SectionHeader table)
    {
        int count = Content(table).Length / EntrySize;
        return Enumerable.Range(0, count).Select(index => (int)table.Offset + index * EntrySize);
    }

    private Span<byte> Content(SectionHeader section) => Bytes(section.Offset, section.Size);

    private int Short(long at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(at, sizeof(ushort)));

    private int Int(long at) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(at, sizeof(int)));

    private long Long(long at) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(at, sizeof(long)));

    private string Text(long at)
    {
        var rest = Bytes(at, Math.Max(0, _file.Length - at));
        int end = rest.IndexOf((byte)0);
        return end >= 0
            ? Encoding.Latin1.GetString(rest[..end])
            : throw new InvalidDataException($"the name at byte {at} has no end");
    }

    // All that is read passes through here.
    private Span<byte> Bytes(long at, long length) =>
        at >= 0 && length >= 0 && at <= _file.Length - length
            ? _file.AsSpan((int)at, (int)length)
            : throw new InvalidDataException($"its {length} bytes at {at} are outside of its {_file.Length}");

    private readonly record struct SectionHeader(uint Name, int Type, long Offset, long Size, int Link, int Info);
}
