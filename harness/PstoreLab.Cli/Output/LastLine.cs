using System.Text;

namespace PstoreLab.Cli.Output;

/// <summary>The last line of a file that grows.</summary>
internal static class LastLine
{
    private const int Tail = 2048;

    /// <summary>The last line that has letters, without what an escape sequence left of it; null for none.</summary>
    public static string? Of(string path)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            file.Seek(-Math.Min(Tail, file.Length), SeekOrigin.End);
            byte[] tail = new byte[Tail];
            int length = file.ReadAtLeast(tail, Tail, throwOnEndOfStream: false);
            return Encoding
                .UTF8.GetString(tail, 0, length)
                .Split('\n')
                .Select(line => line.Trim())
                .LastOrDefault(line => line.Length > 0);
        }
        catch (IOException)
        {
            // It is not there yet, or no more.
            return null;
        }
    }
}
