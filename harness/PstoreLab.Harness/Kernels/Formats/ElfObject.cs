using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Harness.Kernels.Formats;

/// <summary>
/// As much of an ELF64 little-endian relocatable object, a kernel module, as it takes to find a symbol and room beside
/// relocations. A file of another shape makes it throw <see cref="InvalidDataException"/>,
/// <see cref="ArgumentException"/> or <see cref="IndexOutOfRangeException"/>.
/// </summary>
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
    private readonly int _sections;
    private readonly int _count;
    private readonly int _names;

    public ElfObject(byte[] file)
    {
        if (!file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        _file = file;
        _sections = (int)Long(40);
        _count = Short(60);
        _names = Short(62);
    }

    /// <summary>A section's bytes, in the file.</summary>
    public Span<byte> Section(string name) =>
        Content(Found(Sections, index => Text(Offset(_names) + Int(Header(index))) == name, $"section {name}"));

    /// <summary>Where in the file a symbol is.</summary>
    public int Symbol(string name)
    {
        var symbols = Sections
            .Where(index => TypeOf(index) == SymbolTable)
            .SelectMany(index =>
                Entries(index).Select(entry => (Strings: Offset(Int(Header(index) + 40)), Entry: entry))
            );
        return Found(symbols, symbol => Text(symbol.Strings + Int(symbol.Entry)) == name, $"symbol {name}").Entry;
    }

    /// <summary>The bytes of the section that a symbol is in.</summary>
    public Span<byte> SectionOf(int symbol) => Content(Short(symbol + SymbolSection));

    /// <summary>
    /// An offset in the symbol's section, at the symbol or behind it, at which so many bytes are left alone by the
    /// loader.
    /// </summary>
    public int FreePlace(int symbol, int length)
    {
        int section = Short(symbol + SymbolSection);
        long[] relocated =
        [
            .. Sections
                .Where(index => TypeOf(index) == Relocations && Int(Header(index) + 44) == section)
                .SelectMany(Entries)
                .Select(Long),
        ];
        int start = (int)Long(symbol + SymbolValue);
        return Found(
            Enumerable.Range(start, Math.Max(0, Content(section).Length - length - start)),
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

    private IEnumerable<int> Sections => Enumerable.Range(0, _count);

    private IEnumerable<int> Entries(int section)
    {
        int start = Offset(section);
        for (int entry = start; entry < start + Size(section); entry += EntrySize)
            yield return entry;
    }

    private Span<byte> Content(int section) => _file.AsSpan(Offset(section), Size(section));

    private int Header(int section) => _sections + section * SectionHeaderSize;

    private int TypeOf(int section) => Int(Header(section) + 4);

    private int Offset(int section) => (int)Long(Header(section) + 24);

    private int Size(int section) => (int)Long(Header(section) + 32);

    private int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(at));

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(at));

    private string Text(int at)
    {
        var rest = _file.AsSpan(at);
        return Encoding.Latin1.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
