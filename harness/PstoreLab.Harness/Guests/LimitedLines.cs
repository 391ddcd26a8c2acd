using System.Buffers;

namespace PstoreLab.Harness.Guests;

/// <summary>Cuts what comes over a channel into lines. One that never ends is thrown away.</summary>
/// <param name="limit">The longest line, in bytes.</param>
/// <param name="onLine">Called with every line, without its end.</param>
/// <param name="onEndless">Called when a line is longer, once for each.</param>
internal sealed class LimitedLines(int limit, Action<ReadOnlySpan<byte>> onLine, Action onEndless)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _endless;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Keep(bytes[..end]);
            if (!_endless)
                onLine(_line.WrittenSpan);
            _line.ResetWrittenCount();
            _endless = false;
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_endless)
            return;
        if (_line.WrittenCount + bytes.Length <= limit)
        {
            _line.Write(bytes);
            return;
        }

        _endless = true;
        _line.ResetWrittenCount();
        onEndless();
    }
}
