namespace PstoreLab.Records.Compression;

/// <summary>
/// Decompresses 842 as <c>sw842_decompress</c> does (lib/842/842_decompress.c of 5.10 and 6.1), and names the byte at
/// which a stream breaks.
/// </summary>
/// <remarks>
/// A method whose name begins with Try returns false where the stream breaks; <see cref="broken"/> has the result then.
/// </remarks>
internal ref struct Sw842Decoder
{
    private readonly int size;
    private readonly int limit;
    private BitReader reader;
    private byte[] output;
    private int length;
    private Attempt? broken;

    private Sw842Decoder(ReadOnlySpan<byte> payload, int limit)
    {
        size = payload.Length;
        this.limit = limit;
        reader = new BitReader(payload);
        output = new byte[Math.Min(limit, 1 << 12)];
    }

    /// <param name="payload">Any bytes.</param>
    /// <param name="limit">The longest output allowed, in bytes.</param>
    public static Attempt Decompress(ReadOnlySpan<byte> payload, int limit) => new Sw842Decoder(payload, limit).Run();

    private Attempt Run()
    {
        uint template = 0;
        while (template != Sw842Format.End)
        {
            long start = reader.Position;
            if (!TryRead(Sw842Format.TemplateBits, out template) || !TryFollow(template, start))
                return broken!;
        }

        long place = reader.Position;
        if (!TryRead(Sw842Format.ChecksumBits, out uint checksum))
            return broken!;
        if (checksum != Sw842Format.Checksum(output.AsSpan(0, length)))
            return Broken(
                AttemptEnd.Damaged,
                $"the checksum at byte {place >> 3} of {size} is not that of the {length} bytes of text before it"
            );

        // The padding belongs to the stream.
        int padded = (Consumed + Sw842Format.Block - 1) / Sw842Format.Block * Sw842Format.Block;
        return new Attempt(
            CompressionMethod.Sw842,
            output.AsMemory(0, length),
            Math.Min(padded, size),
            AttemptEnd.Proper,
            null
        );
    }

    /// <param name="template">Number of the template.</param>
    /// <param name="start">Its first bit.</param>
    private bool TryFollow(uint template, long start) =>
        template switch
        {
            < Sw842Format.IndexedBlock => TryHalf(Sw842Format.Halves[(int)template / 5])
                && TryHalf(Sw842Format.Halves[(int)template % 5]),
            Sw842Format.IndexedBlock => TryIndex(Sw842Format.Block),
            Sw842Format.Repeat => TryRepeat(start),
            Sw842Format.Zeros => TryGrow(Sw842Format.Block, out _),
            Sw842Format.ShortData => TryShortData(start),
            Sw842Format.End => true,
            _ => Damaged(start),
        };

    private bool TryHalf(Sw842Format.Argument[] half)
    {
        foreach (var (bytes, indexed) in half)
        {
            if (!(indexed ? TryIndex(bytes) : TryData(bytes)))
                return false;
        }

        return true;
    }

    private bool TryData(int bytes)
    {
        for (; bytes > 0; bytes--)
        {
            // Room first, then the byte: a missing byte must not leave a zero in the output.
            if (!HasRoom(1) || !TryRead(8, out uint value) || !TryGrow(1, out var room))
                return false;
            room[0] = (byte)value;
        }

        return true;
    }

    private bool TryIndex(int bytes)
    {
        long start = reader.Position;
        if (!TryRead(Sw842Format.IndexBits(bytes), out uint index))
            return false;
        // The last place in complete blocks with this index.
        int whole = length / Sw842Format.Block * Sw842Format.Block;
        int ring = Sw842Format.Ring(bytes);
        int from = (int)index * bytes;
        if (from + bytes > whole)
            return Damaged(start);
        from += (whole - from - 1) / ring * ring;
        return TryCopy(from, bytes);
    }

    private bool TryRepeat(long start)
    {
        if (!TryRead(Sw842Format.RepeatBits, out uint repeats))
            return false;
        if (length < Sw842Format.Block)
            return Damaged(start);
        for (long times = repeats + 1; times > 0; times--)
        {
            if (!TryCopy(length - Sw842Format.Block, Sw842Format.Block))
                return false;
        }

        return true;
    }

    private bool TryShortData(long start) =>
        TryRead(Sw842Format.ShortDataBits, out uint bytes) && (bytes > 0 ? TryData((int)bytes) : Damaged(start));

    private bool TryCopy(int from, int bytes)
    {
        if (!TryGrow(bytes, out var room))
            return false;
        output.AsSpan(from, bytes).CopyTo(room);
        return true;
    }

    private bool TryRead(int bits, out uint value) =>
        reader.TryRead(bits, out value)
        || Break(
            AttemptEnd.Truncated,
            $"the stream does not end within its {size} bytes, after {length} bytes of text"
        );

    /// <summary>Appends bytes of 0 to the output.</summary>
    private bool TryGrow(int bytes, out Span<byte> room)
    {
        room = default;
        if (!HasRoom(bytes))
            return false;
        if (length + bytes > output.Length)
            Array.Resize(ref output, (int)Math.Min(limit, 2L * output.Length));
        room = output.AsSpan(length, bytes);
        length += bytes;
        return true;
    }

    private bool HasRoom(int bytes) =>
        length + bytes <= limit || Break(AttemptEnd.TooLarge, $"more than {limit} bytes would come out");

    /// <param name="bit">The first invalid bit.</param>
    private bool Damaged(long bit) =>
        Break(AttemptEnd.Damaged, $"the stream is damaged at byte {bit >> 3} of {size}, after {length} bytes of text");

    private bool Break(AttemptEnd end, string fault)
    {
        broken = Broken(end, fault);
        return false;
    }

    private readonly Attempt Broken(AttemptEnd end, string fault) =>
        new(CompressionMethod.Sw842, output.AsMemory(0, length), Consumed, end, fault);

    /// <summary>Number of payload bytes used, a partly used one included.</summary>
    private readonly int Consumed => (int)((reader.Position + 7) >> 3);
}
