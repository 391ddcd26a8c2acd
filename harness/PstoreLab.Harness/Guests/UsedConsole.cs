using System.Text;

namespace PstoreLab.Harness.Guests;

/// <summary>A guest's console with a user at it, who sees it as it comes.</summary>
internal sealed class UsedConsole : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Task _showing;
    private readonly Lock _gate = new();
    private TaskCompletionSource _shown = new();
    private byte[] _word = [];
    private int _matched;

    /// <param name="stream">QEMU's end of the console. Disposed with this.</param>
    public UsedConsole(Stream stream, IConsoleUser user)
    {
        _stream = stream;
        _showing = ShowAsync(user);
    }

    /// <summary>Ends when the guest has printed a word of ASCII.</summary>
    public Task HasShownAsync(string word)
    {
        lock (_gate)
        {
            _word = Encoding.ASCII.GetBytes(word);
            _matched = 0;
            _shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _shown.Task;
        }
    }

    /// <summary>Gives the guest what was typed; one that is gone takes it, too.</summary>
    public async Task TypeAsync(ReadOnlyMemory<byte> typed, CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync(typed, cancellation);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its user sees soon enough that the guest has ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _showing;
    }

    // Of letters that are chance no beginning comes again within the word.
    private void Look(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (byte one in bytes)
            {
                if (_matched == _word.Length)
                    return;
                _matched =
                    one == _word[_matched] ? _matched + 1
                    : one == _word[0] ? 1
                    : 0;
                if (_matched == _word.Length)
                    _shown.TrySetResult();
            }
        }
    }

    private async Task ShowAsync(IConsoleUser user)
    {
        byte[] buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(buffer)) > 0)
            {
                user.Show(buffer.AsSpan(0, read));
                Look(buffer.AsSpan(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // QEMU is gone.
        }
    }
}
