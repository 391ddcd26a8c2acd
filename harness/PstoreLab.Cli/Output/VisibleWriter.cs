using System.Text;
using PstoreLab.Harness.Host;

namespace PstoreLab.Cli.Output;

/// <summary>Text past all markup and wrapping, which shows what a terminal would otherwise obey.</summary>
internal sealed class VisibleWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => writer.Write(VisibleText.Of(value ?? ""));

    public override void Flush() => writer.Flush();
}
