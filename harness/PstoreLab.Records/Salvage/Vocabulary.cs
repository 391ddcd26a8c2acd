namespace PstoreLab.Records.Salvage;

/// <summary>What kernels say when they boot and when they die: lines of the logs of our own guests.</summary>
internal static class Vocabulary
{
    private static readonly Lazy<byte[]> Read = new(() =>
    {
        using var resource = typeof(Vocabulary).Assembly.GetManifestResourceStream("kernel-lines.txt")!;
        byte[] lines = new byte[resource.Length];
        resource.ReadExactly(lines);
        return lines;
    });

    /// <summary>Lines without times, one byte a character.</summary>
    public static ReadOnlySpan<byte> Lines => Read.Value;
}
