using PstoreLab.Harness.Host;
using Spectre.Console.Rendering;

namespace PstoreLab.Cli.Output;

/// <summary>Has a console show what it would otherwise obey. Its own colours and movements pass.</summary>
internal sealed class VisibleOutput : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(renderable => new Visible(renderable));

    private sealed class Visible(IRenderable content) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            content
                .Render(options, maxWidth)
                .Select(segment =>
                    segment.IsControlCode || VisibleText.Of(segment.Text) is var shown && shown == segment.Text
                        ? segment
                        : new Segment(shown, segment.Style, segment.Link)
                );
    }
}
