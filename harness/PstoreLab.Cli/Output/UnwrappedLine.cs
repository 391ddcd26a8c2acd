using Spectre.Console.Rendering;

namespace PstoreLab.Cli.Output;

/// <summary>A line that nothing but the terminal breaks, so that it is one when it is copied.</summary>
internal sealed class UnwrappedLine(string text) : Renderable
{
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [new Segment(text), Segment.LineBreak];
}
