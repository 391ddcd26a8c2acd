using System.Text;
using System.Threading.Channels;

namespace PstoreLab.Harness.Tests.Processes;

/// <summary>A stream that gives out the lines written to it as they come.</summary>
internal sealed class LineSink : MemoryStream
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _rest = new();

    public Task<string> NextLine() => Eventually.Ends(_lines.Reader.ReadAsync().AsTask());

    public async Task<int> NextNumber() => int.Parse(await NextLine());

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var character in Encoding.UTF8.GetString(buffer))
        {
            if (character != '\n')
            {
                _rest.Append(character);
                continue;
            }
            _lines.Writer.TryWrite(_rest.ToString());
            _rest.Clear();
        }
    }
}
