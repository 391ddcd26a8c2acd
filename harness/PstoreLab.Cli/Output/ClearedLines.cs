using Spectre.Console.Rendering;

namespace PstoreLab.Cli.Output;

/// <summary>
/// Lines that are written over others: the rest of each is cleared. A live display is drawn below them, and moves down
/// without a trace only so.
/// </summary>
internal sealed class ClearedLines(IRenderable content) : IRenderable
{
    // "Erase in Line" of ECMA-48, from the cursor to the end.
    private static readonly Segment ToTheEnd = Segment.Control("\e[K");

    public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        content
            .Render(options, maxWidth)
            .SelectMany(segment => segment.IsLineBreak ? [ToTheEnd, segment] : (Segment[])[segment]);
}
