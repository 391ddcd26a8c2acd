using Spectre.Console.Rendering;

namespace PstoreLab.Cli.Output;

/// <summary>Lines that are asked for anew each time they are drawn, dimmed.</summary>
/// <param name="lines">Of a width in characters.</param>
internal sealed class LiveLines(Func<int, IEnumerable<string>> lines) : Renderable
{
    private static readonly Spectre.Console.Style Dim = new(decoration: Spectre.Console.Decoration.Dim);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // A terminal that wraps at its last column would have a line more than was drawn.
        foreach (string line in lines(Math.Max(20, maxWidth - 1)))
        {
            yield return new Segment(line, Dim);
            yield return Segment.LineBreak;
        }
    }
}
