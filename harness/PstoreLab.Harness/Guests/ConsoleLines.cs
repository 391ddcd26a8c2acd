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

    private readonly List<byte> _line = [];
    private bool _kernelSeen;
    private ReadOnlyMemory<byte>? _firstLine;

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
        int kernel = TextOf(line).IndexOf(architecture.KernelBanner, StringComparison.Ordinal);
        if (kernel > 0)
            // The boot before, or the firmware, left its last line open.
            Tell(line[..kernel], isKernels: false);
        Tell(line[Math.Max(0, kernel)..], kernel >= 0);
    }

    private void Tell(ReadOnlyMemory<byte> line, bool isKernels)
    {
        if (isKernels && _kernelSeen && _firstLine is null)
        {
            // The next line names the kernel.
            _firstLine = line;
            return;
        }

        string text = TextOf(line);
        TellFirstLine(text);
        _kernelSeen |= isKernels;
        onLine(new ConsoleLine(line, text, Begins: null));
    }

    /// <summary>Tells the line that is kept back, now that it is known what begins with it.</summary>
    /// <param name="second">The line behind it.</param>
    private void TellFirstLine(string second)
    {
        if (_firstLine is not { } first)
            return;
        _firstLine = null;
        bool captureKernel = architecture.IsOfCaptureKernel(second);
        onLine(new ConsoleLine(first, TextOf(first), captureKernel ? KernelKind.CaptureKernel : KernelKind.NextBoot));
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
