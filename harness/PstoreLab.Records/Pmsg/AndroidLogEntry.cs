using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PstoreLab.Records.Pmsg;

/// <summary>
/// One entry of liblog in pmsg, little-endian and packed (<c>android_pmsg_log_header_t</c> and
/// <c>android_log_header_t</c> of system/logging/liblog): 'l', u16 length of all, u16 uid, u16 pid; u8 log, u16 tid,
/// u32 seconds, u32 nanoseconds. A text is u8 priority, tag, NUL, message, NUL.
/// </summary>
/// <param name="Length">Of the entry, headers included, in bytes.</param>
internal readonly record struct AndroidLogEntry(int Length)
{
    public const byte Magic = (byte)'l';
    public const int HeaderLength = 18;

    // log_id_t: main, radio, events, system, crash, stats, security, kernel. Three of them are binary.
    private const byte Events = 2;
    private const byte Stats = 5;
    private const byte Security = 6;
    private const byte LastLog = 7;

    private const uint NanosecondsPerSecond = 1_000_000_000;
    private const string Priorities = "??VDIWEFS";

    /// <summary>The entry that begins at an offset; null where none does, or it is not whole.</summary>
    public static AndroidLogEntry? At(ReadOnlySpan<byte> pmsg, int offset)
    {
        var entry = pmsg[offset..];
        if (!IsHeader(entry))
            return null;
        int length = LengthOf(entry);
        return length <= entry.Length && (IsBinary(entry) || IsText(entry[HeaderLength..length]))
            ? new AndroidLogEntry(length)
            : null;
    }

    /// <summary>Whether an entry may begin here.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderLength
        && bytes[0] == Magic
        && LengthOf(bytes) > HeaderLength
        && bytes[7] <= LastLog
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) < NanosecondsPerSecond;

    /// <summary>Appends the entry, a line of logcat for each line of its message.</summary>
    /// <param name="text">Receives the lines.</param>
    /// <param name="entry">The bytes from where it begins.</param>
    public void AppendTo(StringBuilder text, ReadOnlySpan<byte> entry)
    {
        uint uid = BinaryPrimitives.ReadUInt16LittleEndian(entry[3..]);
        uint pid = BinaryPrimitives.ReadUInt16LittleEndian(entry[5..]);
        uint tid = BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]);
        var time = DateTimeOffset
            .FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(entry[10..]))
            .AddMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(entry[14..]) / 1_000_000);
        string stamp = time.ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var payload = entry[HeaderLength..Length];
        string prefix = $"{stamp} {Column(uid)} {Column(pid)} {Column(tid)} ";
        if (IsBinary(entry))
        {
            uint tag = payload.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(payload) : 0;
            text.Append($"{prefix}I [{tag}]: {payload.Length} bytes of a binary event\n");
            return;
        }

        int end = payload[1..].IndexOf((byte)0) + 1;
        string tagName = RecordText.FromBytes(payload[1..end]);
        string message = RecordText.FromBytes(payload[(end + 1)..]).TrimEnd('\0').TrimEnd('\n');
        char priority = payload[0] < Priorities.Length ? Priorities[payload[0]] : '?';
        foreach (string line in message.Split('\n'))
            text.Append($"{prefix}{priority} {tagName.PadRight(8)}: {line}\n");
    }

    private static string Column(uint number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(5);

    private static int LengthOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt16LittleEndian(entry[1..]);

    private static bool IsBinary(ReadOnlySpan<byte> entry) => entry[7] is Events or Stats or Security;

    private static bool IsText(ReadOnlySpan<byte> payload) => payload[0] <= 8 && payload[1..].IndexOf((byte)0) >= 0;
}
