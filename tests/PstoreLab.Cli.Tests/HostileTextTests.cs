using System.Text.Json;
using PstoreLab.Cli.Tests.Atlas;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Tests;

/// <summary>What guests, kernels and file names have to say cannot drive the terminal that shows it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileTextTests
{
    private const string Evil = "it said \u001b]0;title\u0007 \u009b2J \u202e dnatsrednu [red]no[/]";
    private const string Shown = @"it said \x1b]0;title\x07 \x9b2J \u{202e} dnatsrednu [red]no[/]";

    [Test]
    public async Task A_reason_is_shown_and_not_obeyed()
    {
        using var before = new MadeRun();
        using var after = new MadeRun();
        before.Add("debian-5.10", "debian-6.1");
        after.Add("debian-5.10", "debian-6.1", Verdict.Failed, Evil);
        before.WriteResults();
        after.WriteResults();
        var compared = await CommandRun.InAsync(before.Root, "compare", before.Root, after.Root);
        Assert.That(compared.StandardOutput, Does.Contain(Shown));
        Assert.That(Obeyed(compared.StandardOutput), Is.Empty);
    }

    [Test]
    public async Task A_reason_in_JSON_is_what_it_was()
    {
        using var before = new MadeRun();
        using var after = new MadeRun();
        before.Add("debian-5.10", "debian-6.1");
        after.Add("debian-5.10", "debian-6.1", Verdict.Failed, Evil);
        before.WriteResults();
        after.WriteResults();
        var compared = await CommandRun.InAsync(before.Root, "compare", "--json", before.Root, after.Root);
        Assert.That(Obeyed(compared.StandardOutput), Is.Empty);
        using var json = JsonDocument.Parse(compared.StandardOutput);
        Assert.That(json.RootElement.GetProperty("cases")[0].GetProperty("reason").GetString(), Is.EqualTo(Evil));
    }

    [Test]
    public async Task A_name_in_a_complaint_is_shown_and_not_obeyed()
    {
        string complaint = await CommandRun.ComplaintAsync(Path.GetTempPath(), "decode", Evil);
        Assert.That(complaint, Does.Contain(Shown));
        Assert.That(Obeyed(complaint), Is.Empty);
    }

    private static IEnumerable<char> Obeyed(string text) =>
        text.Where(character =>
            (char.IsControl(character) && character != '\n') || character is >= '\u202a' and <= '\u202e'
        );
}
