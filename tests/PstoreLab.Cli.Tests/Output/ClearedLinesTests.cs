using PstoreLab.Cli.Output;
using Spectre.Console;
using Spectre.Console.Testing;

namespace PstoreLab.Cli.Tests.Output;

public sealed class ClearedLinesTests
{
    [Test]
    public void Nothing_is_left_behind_the_end_of_each_line()
    {
        using var console = new TestConsole().Width(20).EmitAnsiSequences();
        console.Write(new ClearedLines(new Markup("one two three four five six\n")));
        Assert.That(console.Output, Is.EqualTo("one two three four \u001b[K\nfive six\u001b[K\n"));
    }
}
