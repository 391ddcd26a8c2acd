using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

/// <summary>Small areas to write and read.</summary>
internal static class Areas
{
    public static RamoopsFormat Format { get; } = new();

    public static StoreOptions Options(
        long memory,
        long record,
        long console = 0,
        long ftrace = 0,
        long pmsg = 0,
        int ecc = 0,
        int? cpus = null,
        string? kernel = null
    ) =>
        new()
        {
            Parameters = new Dictionary<string, string>
            {
                ["ramoops.mem_size"] = $"{memory}",
                ["ramoops.record_size"] = $"0x{record:x}",
                ["ramoops.console_size"] = $"{console}",
                ["ramoops.ftrace_size"] = $"{ftrace}",
                ["ramoops.pmsg_size"] = $"{pmsg}",
                ["ramoops.ecc"] = $"{ecc}",
            },
            Cpus = cpus,
            Kernel = kernel is null ? null : Version.Parse(kernel),
        };

    public static RecordToWrite Dump(string text, int? index = null) =>
        new(RecordType.Dmesg, RecordText.ToBytes(text))
        {
            Index = index,
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(123_456),
        };

    public static RecordToWrite Of(string type, byte[] payload, int? index = null) =>
        new(type, payload) { Index = index };

    public static string Text(StoredRecord record) => RecordText.FromBytes(record.Payload.Span);

    /// <summary>A store with one dump of so many bytes.</summary>
    public static (byte[] Image, StoreOptions Options, string Text) WithDump(int ecc, int length = 3000)
    {
        var options = Options(64 << 10, 8 << 10, ecc: ecc);
        byte[] image = Format.CreateEmpty(64 << 10, options);
        string text = "Panic#1 Part1\n" + string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i % 26)));
        Assert.That(Format.Write(image, options, Dump(text, 0)));
        return (image, options, text);
    }

    public static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
