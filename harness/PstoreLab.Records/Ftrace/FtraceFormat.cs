using System.Buffers.Binary;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ftrace;

/// <summary>
/// Layout of ftrace records in a store (<c>struct pstore_ftrace_record</c>; in include/linux/pstore.h from 4.10 to 7.2,
/// in fs/pstore/internal.h before): the address of the function and that in its caller, a word of the machine each, and
/// a u64 with the count of calls. The CPU is in the low byte of that count, or in the address.
/// </summary>
/// <remarks>
/// Kernels before 4.10 have no count: a 32-bit number of the CPU follows the addresses, on 64-bit machines with 4 bytes
/// of padding, or nothing where the address has it.
/// </remarks>
/// <param name="AddressSize">Bytes of an address: 4 or 8.</param>
/// <param name="Endian">Byte order of the machine.</param>
/// <param name="HasTimestamp">Whether there is a count of calls: since 4.10.</param>
/// <param name="Cpu">Where the number of the CPU is.</param>
public sealed record FtraceFormat(int AddressSize, Endianness Endian, bool HasTimestamp, FtraceCpu Cpu)
{
    /// <summary>Since this version records have a timestamp (fbccdeb8d77d, "pstore: Add ftrace timestamp
    /// counter").</summary>
    private static readonly Version TimestampSince = new(4, 10);

    private const int CpuBits = 8;

    // A count of calls beyond is none: it would take days of nothing but calls.
    private const ulong HighestTimestamp = 1UL << 40;

    // Linux has at most so many CPUs (NR_CPUS of x86, 7.2).
    private const uint MostCpus = 8192;

    // The share of a zone's records that may be damaged.
    private const double Doubt = 0.1;

    // Kernels of 64 bits are at high addresses nearly everywhere.
    private const double SenseOfLowAddress = 0.95;

    /// <summary>That of a 64-bit, little-endian machine since 4.10.</summary>
    public static FtraceFormat Usual { get; } = new(8, Endianness.Little, true, FtraceCpu.OwnField);

    /// <summary>Size of a record, in bytes.</summary>
    public int EntrySize =>
        (2 * AddressSize)
        + (
            HasTimestamp ? sizeof(ulong)
            : Cpu == FtraceCpu.OwnField ? AddressSize
            : 0
        );

    /// <summary>
    /// Finds the layout by which the bytes of a zone make sense: counts that are small, addresses that are not 0. Where
    /// two do, it is that of 64 bits.
    /// </summary>
    /// <param name="payload">Payload of one zone, the first byte written first.</param>
    /// <param name="endian">Byte order of the machine.</param>
    /// <param name="kernel">Version of the writing kernel; null where not known: 4.10 or later.</param>
    public static FtraceFormat Infer(ReadOnlySpan<byte> payload, Endianness endian, Version? kernel)
    {
        bool stamped = kernel is null || kernel >= TimestampSince;
        var wide = Usual with { Endian = endian, HasTimestamp = stamped };
        var narrow = wide with { AddressSize = 4 };
        var best = narrow.Sense(payload) > wide.Sense(payload) ? narrow : wide;
        if (best.Sense(payload) > 1 - Doubt)
            return best == wide || !stamped || best.IsOfOneCpu(payload) ? best : best.WithCpuInAddress(payload);
        return stamped || payload.IsEmpty ? best : narrow.WithCpuInAddress(payload);
    }

    /// <summary>
    /// Decodes the records of one zone. The first one may be overwritten in part: the bytes before the first complete
    /// one are skipped.
    /// </summary>
    /// <param name="payload">Payload of the zone, the first byte written first.</param>
    /// <returns>The records, the first call first.</returns>
    public IReadOnlyList<FtraceEntry> Parse(ReadOnlySpan<byte> payload)
    {
        payload = payload[(payload.Length % EntrySize)..];
        var entries = new FtraceEntry[payload.Length / EntrySize];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = Entry(payload[(index * EntrySize)..]);
        return entries;
    }

    /// <summary>Encodes a record as a kernel does.</summary>
    /// <param name="entry">Any record; what has no room is cut off, as in C.</param>
    /// <returns><see cref="EntrySize"/> bytes.</returns>
    public byte[] ToBytes(FtraceEntry entry)
    {
        byte[] bytes = new byte[EntrySize];
        ulong stamp = entry.Timestamp ?? 0;
        ulong ip = entry.Ip;
        if (Cpu == FtraceCpu.OwnField)
            stamp = stamp << CpuBits | (byte)entry.Cpu;
        else
            ip |= (uint)entry.Cpu & CpuMask;
        WriteAddress(bytes, ip);
        WriteAddress(bytes.AsSpan(AddressSize), entry.ParentIp);
        var rest = bytes.AsSpan(2 * AddressSize);
        if (HasTimestamp && Endian == Endianness.Big)
            BinaryPrimitives.WriteUInt64BigEndian(rest, stamp);
        else if (HasTimestamp)
            BinaryPrimitives.WriteUInt64LittleEndian(rest, stamp);
        else if (Cpu == FtraceCpu.OwnField)
            WriteWord(rest, (uint)entry.Cpu);
        return bytes;
    }

    /// <summary>In words: <c>64-bit</c>, <c>32-bit, big-endian, the CPU in the address</c>.</summary>
    public override string ToString() =>
        (AddressSize == 8 ? "64-bit" : "32-bit")
        + (Endian == Endianness.Big ? ", big-endian" : "")
        + (HasTimestamp ? "" : ", without timestamps")
        + (Cpu == FtraceCpu.OwnField ? "" : ", the CPU in the address");

    private uint CpuMask =>
        Cpu switch
        {
            FtraceCpu.TwoBitsOfAddress => 3,
            FtraceCpu.OneBitOfAddress => 1,
            _ => 0,
        };

    private FtraceEntry Entry(ReadOnlySpan<byte> bytes)
    {
        ulong ip = Address(bytes);
        ulong parent = Address(bytes[AddressSize..]);
        var rest = bytes[(2 * AddressSize)..EntrySize];
        if (!HasTimestamp)
            return new(ip, parent, null, (int)(Cpu == FtraceCpu.OwnField ? Word(rest) : ip & CpuMask));
        ulong stamp =
            Endian == Endianness.Big
                ? BinaryPrimitives.ReadUInt64BigEndian(rest)
                : BinaryPrimitives.ReadUInt64LittleEndian(rest);
        return Cpu == FtraceCpu.OwnField
            ? new(ip, parent, stamp >> CpuBits, (byte)stamp)
            : new(ip, parent, stamp, (int)(ip & CpuMask));
    }

    /// <summary>How much of it can be records, 0 to 1; 0 for no record.</summary>
    private double Sense(ReadOnlySpan<byte> payload)
    {
        var entries = Parse(payload);
        return entries.Count == 0 ? 0 : entries.Average(SenseOf);
    }

    private double SenseOf(FtraceEntry entry) =>
        entry.Ip == 0 || entry.ParentIp == 0 || entry.Timestamp >= HighestTimestamp || (uint)entry.Cpu >= MostCpus ? 0
        : AddressSize == 8 && (entry.Ip <= uint.MaxValue || entry.ParentIp <= uint.MaxValue) ? SenseOfLowAddress
        : 1;

    // A zone belongs to one CPU since 4.10. Where the count has it, all low bytes are the same.
    private bool IsOfOneCpu(ReadOnlySpan<byte> payload) =>
        Parse(payload).Select(entry => entry.Cpu).Distinct().Count() == 1;

    // The caller's address is as it was: that of ARM code is divisible by 4.
    private FtraceFormat WithCpuInAddress(ReadOnlySpan<byte> payload)
    {
        var two = this with { Cpu = FtraceCpu.TwoBitsOfAddress };
        return two.Parse(payload).All(entry => entry.ParentIp % 4 == 0)
            ? two
            : two with
            {
                Cpu = FtraceCpu.OneBitOfAddress,
            };
    }

    private ulong Address(ReadOnlySpan<byte> bytes) =>
        AddressSize == 4 ? Word(bytes)
        : Endian == Endianness.Big ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
        : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private uint Word(ReadOnlySpan<byte> bytes) =>
        Endian == Endianness.Big
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private void WriteAddress(Span<byte> bytes, ulong address)
    {
        if (AddressSize == 4)
            WriteWord(bytes, (uint)address);
        else if (Endian == Endianness.Big)
            BinaryPrimitives.WriteUInt64BigEndian(bytes, address);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
    }

    private void WriteWord(Span<byte> bytes, uint word)
    {
        if (Endian == Endianness.Big)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
    }
}
