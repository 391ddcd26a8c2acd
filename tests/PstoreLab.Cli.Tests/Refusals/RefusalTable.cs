using System.Text;

namespace PstoreLab.Cli.Tests.Refusals;

/// <summary>
/// Every complaint that needs no guest, in one table: <c>Approved/refusals.txt</c> has command lines, and behind each
/// what the program says to it and what it ends with. A new line <c>$ pstorelab …</c> and <c>PSTORELAB_APPROVE=1</c>
/// add one. Each says what is wrong, where, and what to do.
/// </summary>
[CancelAfter(120_000)]
public sealed class RefusalTable
{
    private const string Prompt = "$ pstorelab";

    [Test]
    public async Task What_cannot_be_meant_is_refused_in_words_that_help()
    {
        using var folder = new RefusalFolder();
        string[] commands =
        [
            .. File.ReadLines(Approved.PathOf("refusals.txt"))
                .Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)),
        ];
        string?[] said = new string?[commands.Length];
        await Parallel.ForAsync(
            0,
            commands.Length,
            async (at, _) => said[at] = await folder.SaysAsync(commands[at][Prompt.Length..])
        );
        var table = new StringBuilder();
        for (int at = 0; at < commands.Length; at++)
            table.Append($"{commands[at]}\n{said[at]}\n");
        Approved.Matches("refusals.txt", table.ToString());
    }

    [Test]
    public void Nothing_in_it_is_a_trace_or_a_page()
    {
        string table = File.ReadAllText(Approved.PathOf("refusals.txt"));
        Assert.That(table, Does.Not.Contain("   at "));
        Assert.That(table, Does.Not.Contain("Exception"));
        Assert.That(table.Split('\n'), Is.All.Length.LessThan(400));
        // A complaint that says only what is wrong leaves the reader alone.
        Assert.That(table, Does.Not.Contain("exit 0"));
    }
}
