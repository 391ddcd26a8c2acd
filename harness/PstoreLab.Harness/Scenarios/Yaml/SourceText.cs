using System.Text;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Scenarios.Yaml;

/// <summary>The text of a file that anybody may have written: bounded in size, and UTF-8 or refused.</summary>
internal sealed record SourceText(string File, string Text)
{
    private const int Limit = 1 << 20;

    public static SourceText Read(string path)
    {
        var file = DisplayPath.Of(path);
        var bytes = ReadBytes(path, file);
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            var zero = text.IndexOf('\0');
            return zero < 0
                ? new SourceText(file, text)
                : throw Place(file, text[..zero]).Fault("found a zero byte, expected a YAML file, not a binary one");
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Max(0, e.Index)));
            throw Place(file, before).Fault($"found the byte 0x{e.BytesUnknown![0]:x2}, expected a YAML file in UTF-8");
        }
    }

    private static byte[] ReadBytes(string path, string file)
    {
        try
        {
            if (FileKinds.OfTarget(path) == FileKind.Special)
                throw new UsageException($"{file}: found a pipe or a device, expected a YAML file");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.CanSeek && stream.Length > Limit)
                throw TooLong(file, $"{stream.Length} bytes");

            // A file may grow, so the limit holds for what is really read, too.
            var buffer = new byte[Limit + 1];
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return count <= Limit ? buffer[..count] : throw TooLong(file, $"more than {Limit} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{file}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var why = Directory.Exists(path) ? "found a folder, expected a YAML file" : $"cannot be read: {e.Message}";
            throw new UsageException($"{file}: {why}", e);
        }
    }

    private static UsageException TooLong(string file, string found) =>
        new SourceLocation(file, 1, 1).Fault($"found {found}, expected a scenario of at most 1 MiB");

    private static SourceLocation Place(string file, string before) =>
        new(file, before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
}
