using System.Buffers.Binary;
using System.Text;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// The pieces of memory in a state that QEMU has saved, those without what lies in shared files. Source:
/// <c>qemu_savevm_state_*</c> in migration/savevm.c and <c>ram_save_*</c> in migration/ram.c, QEMU 7.2; another form of
/// it is none here.
/// </summary>
/// <param name="Name">What QEMU calls the piece.</param>
/// <param name="Length">In bytes; a piece in a shared file has no pages here.</param>
/// <param name="Pages">In the order of the state.</param>
internal sealed record SavedMemory(string Name, long Length, List<SavedPage> Pages)
{
    public const int PageSize = 4096;

    private const uint Magic = 0x5145564d; // QEVM
    private const byte SectionStart = 1;
    private const byte SectionPart = 2;
    private const byte SectionEnd = 3;
    private const byte Subsection = 5;
    private const byte Configuration = 7;
    private const byte Footer = 0x7e;

    private const long Zero = 0x02;
    private const long Sizes = 0x04;
    private const long Whole = 0x08;
    private const long End = 0x10;
    private const long SamePiece = 0x20;
    private const long Flags = PageSize - 1;

    /// <summary>The content of the piece; null where the state has not all of it.</summary>
    public byte[]? ContentIn(ReadOnlySpan<byte> state)
    {
        if (
            Pages.Count * (long)PageSize != Length
            || Pages.DistinctBy(page => page.Offset).Count() != Pages.Count
            || Pages.Any(page => page.Offset >= Length)
        )
            return null;
        byte[] content = new byte[Length];
        foreach (var page in Pages.Where(page => page.Data is not null))
            state.Slice(page.Data!.Value, PageSize).CopyTo(content.AsSpan((int)page.Offset));
        return content;
    }

    /// <summary>All of a state; null where it is not as expected.</summary>
    public static IReadOnlyList<SavedMemory>? ReadAll(ReadOnlySpan<byte> state)
    {
        try
        {
            var reader = new Reader(state);
            Reader.Require(reader.Int() == Magic);
            reader.Skip(4);
            if (reader.TakeIf(Configuration))
                reader.SkipConfiguration();
            // Memory is the first section.
            Reader.Require(reader.Byte() == SectionStart);
            reader.Skip(4);
            Reader.Require(reader.Name() == "ram");
            reader.Skip(8);
            var pieces = new List<SavedMemory>();
            reader.ReadPages(pieces);
            while (reader.TakeIf(SectionPart) || reader.TakeIf(SectionEnd))
            {
                reader.Skip(4);
                reader.ReadPages(pieces);
            }

            return pieces;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes a page of a piece, in the place of any other.</summary>
    public void Write(Stream state, long offset, ReadOnlySpan<byte> page)
    {
        Span<byte> head = stackalloc byte[9 + byte.MaxValue];
        BinaryPrimitives.WriteInt64BigEndian(head, offset | Whole);
        head[8] = (byte)Encoding.ASCII.GetBytes(Name, head[9..]);
        state.Write(head[..(9 + head[8])]);
        state.Write(page);
    }

    private ref struct Reader(ReadOnlySpan<byte> state)
    {
        private readonly ReadOnlySpan<byte> _state = state;
        private SavedMemory? _piece;
        private int _at;

        public static void Require(bool condition)
        {
            if (!condition)
                throw new FormatException();
        }

        public void Skip(int bytes) => _at += bytes;

        public byte Byte() => _state[_at++];

        public uint Int() => BinaryPrimitives.ReadUInt32BigEndian(Next(4));

        public string Name() => Encoding.ASCII.GetString(Next(Byte()));

        public bool TakeIf(byte kind)
        {
            bool isThere = _state[_at] == kind;
            _at += isThere ? 1 : 0;
            return isThere;
        }

        /// <summary>The machine's name, and what both ends must be able to do.</summary>
        public void SkipConfiguration()
        {
            Skip((int)Int());
            while (TakeIf(Subsection))
            {
                Require(Name() == "configuration/capabilities");
                Skip(4);
                for (uint left = Int(); left > 0; left--)
                    Name();
            }
        }

        /// <summary>Reads up to the end of a section.</summary>
        public void ReadPages(List<SavedMemory> pieces)
        {
            while (true)
            {
                int start = _at;
                long word = Long();
                long flags = word & Flags;
                if (flags == End)
                    break;
                if (flags == Sizes)
                {
                    ReadSizes(pieces, word & ~Flags);
                    continue;
                }

                if ((flags & SamePiece) == 0)
                {
                    string name = Name();
                    _piece = pieces.Find(piece => piece.Name == name);
                }

                Require(_piece is not null && (flags & ~SamePiece) is Zero or Whole);
                bool isWhole = (flags & Whole) != 0;
                int data = _at;
                Skip(isWhole ? PageSize : 1);
                _piece!.Pages.Add(new SavedPage(start, _at, word & ~Flags, isWhole ? data : null));
            }

            if (TakeIf(Footer))
                Skip(4);
        }

        private void ReadSizes(List<SavedMemory> pieces, long left)
        {
            while (left > 0)
            {
                pieces.Add(new SavedMemory(Name(), Long(), []));
                // Where shared files are left out, each piece has its address.
                Skip(8);
                left -= pieces[^1].Length;
            }
        }

        private long Long() => BinaryPrimitives.ReadInt64BigEndian(Next(8));

        private ReadOnlySpan<byte> Next(int length)
        {
            var next = _state.Slice(_at, length);
            _at += length;
            return next;
        }
    }
}

/// <summary>A page in a state.</summary>
/// <param name="Start">Of its record in the state.</param>
/// <param name="End">Behind its record.</param>
/// <param name="Offset">Of the page in the piece, in bytes.</param>
/// <param name="Data">Where the state has its bytes; null for nothing but zeros.</param>
internal readonly record struct SavedPage(int Start, int End, long Offset, int? Data);
