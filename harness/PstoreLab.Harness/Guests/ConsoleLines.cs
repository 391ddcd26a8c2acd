using System.Text;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Guests;

/// <summary>Cuts a console into lines, and finds in the kernels' own first lines where one begins.</summary>
/// <param name="architecture">Of the kernels.</param>
/// <param name="onLine">Called with every line once it is whole, in order.</param>
internal sealed class ConsoleLines(IArchitecture architecture, Action<ConsoleLine> onLine)
{
    // A line that never ends must not eat memory either.
    private const int LineLimit = 64 << 10;

    private readonly KernelBanner _banner = new(architecture);
    private readonly List<byte> _line = [];
    private bool _kernelSeen;
    private (ReadOnlyMemory<byte> Line, bool IsTimed)? _first;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _line.Add(value);
            if (value == (byte)'\n' || _line.Count >= LineLimit)
                EndLine();
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        EndLine();
        TellFirstLine("");
    }

    private void EndLine()
    {
        ReadOnlyMemory<byte> line = _line.ToArray();
        _line.Clear();
        var banner = _banner.In(TextOf(line));
        int kernel = banner?.At ?? 0;
        if (kernel > 0)
            // The boot before, or the firmware, left its last line open.
            Tell(line[..kernel], banner: null);
        Tell(line[kernel..], banner);
    }

    private void Tell(ReadOnlyMemory<byte> line, BannerPlace? banner)
    {
        if (banner is { } place && _kernelSeen && _first is null)
        {
            // The next line names the kernel.
            _first = (line, place.IsTimed);
            return;
        }

        string text = TextOf(line);
        TellFirstLine(text);
        _kernelSeen |= banner is not null;
        onLine(new ConsoleLine(line, text, Begins: null));
    }

    /// <summary>Reports the line that is kept back, now that it is known what begins with it.</summary>
    /// <param name="second">The line behind it.</param>
    private void TellFirstLine(string second)
    {
        if (_first is not { } first)
            return;
        _first = null;
        KernelKind? begins =
            !first.IsTimed && !second.StartsWith(architecture.SecondLine, StringComparison.Ordinal) ? null
            : architecture.IsOfCaptureKernel(second) ? KernelKind.CaptureKernel
            : KernelKind.NextBoot;
        onLine(new ConsoleLine(first.Line, TextOf(first.Line), begins));
    }

    private static string TextOf(ReadOnlyMemory<byte> line) => Encoding.Latin1.GetString(line.Span).TrimEnd('\r', '\n');
}

/// <summary>A line of a console.</summary>
/// <param name="Bytes">As it came, with its end.</param>
/// <param name="Text">Without it.</param>
/// <param name="Begins">What begins with it; null where it belongs to the boot before.</param>
internal sealed record ConsoleLine(ReadOnlyMemory<byte> Bytes, string Text, KernelKind? Begins);

/// <summary>A kernel that begins behind another one.</summary>
internal enum KernelKind
{
    /// <summary>That of the next boot.</summary>
    NextBoot,

    /// <summary>The one that was loaded for the panic of the one before.</summary>
    CaptureKernel,
}
