namespace PstoreLab.Harness.Guests;

/// <summary>
/// A file that a console is copied to, complete or with a reported fault: a hole would make the kernel look guilty of
/// what the disk did.
/// </summary>
/// <param name="onFault">Called with the reason when it cannot be kept whole; what comes behind that is thrown
/// away.</param>
internal sealed class ConsoleFile(string path, Action<string> onFault) : IDisposable
{
    /// <summary>A boot with a panic prints some 40 KB; a guest that prints this much is in a loop.</summary>
    private const long FloodLimit = 32 << 20;

    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    private long _written;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_written >= FloodLimit)
            return;
        try
        {
            _file.Write(bytes);
            _written += bytes.Length;
            if (_written >= FloodLimit)
                onFault($"the console printed more than {FloodLimit >> 20} MiB");
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    public void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Fail(IOException e)
    {
        _written = FloodLimit;
        onFault($"the console cannot be kept: {e.Message}");
    }
}
