using System.Text.Json;
using PstoreLab.Cli.Tests.Decoding;

namespace PstoreLab.Cli.Tests;

/// <summary>What <c>list</c> says of the catalogues that are shipped.</summary>
public class ListTests
{
    private static string Here => TestContext.CurrentContext.TestDirectory;

    [Test]
    public async Task The_bug_catalogue_is_a_table()
    {
        string table = await CommandRun.OutputAsync(Here, "list", "--bugs");
        Assert.That(
            table,
            Does.Contain("empty-zone-bad-start")
                .And.Contain("CVE-2023-53331")
                .And.Contain("systemd-pstore")
                .And.Contain("bugs/empty-zone-bad-start.yaml")
        );
    }

    [Test]
    public async Task A_bug_by_its_name_is_described_with_what_to_do()
    {
        string text = await CommandRun.OutputAsync(Here, "list", "--bugs", "pmsg-lost-across-6.2");
        Assert.That(
            text,
            Does.Contain("commit 6daf4e82bd54")
                .And.Contain("ramoops.ftrace_size=0")
                .And.Contain("bugs/pmsg-lost-across-6.2")
        );
    }

    [Test]
    public async Task A_bug_is_a_line_of_json()
    {
        string[] lines = (await CommandRun.OutputAsync(Here, "list", "--bugs", "--json")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        var bugs = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var renamed = bugs.Single(bug => bug.GetProperty("name").GetString() == "efi-backend-renamed");
        Assert.That(renamed.GetProperty("reference")[0].GetString(), Is.EqualTo("commit 893c5f1de620"));
        Assert.That(renamed.GetProperty("shownBy")[0].GetString(), Is.EqualTo("bugs/efi-backend-renamed"));
        Assert.That(bugs.Select(bug => bug.GetProperty("remedy").GetString()), Is.All.Not.Empty);
    }

    [Test]
    public async Task The_old_word_of_a_scenario_is_read_with_a_notice()
    {
        using var folder = new StoreFolder();
        string file = Path.Combine(folder.Root, "old.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            scenario: old
            summary: x
            backend: erst
            steps:
            - boot: debian-6.1
            - crash: { way: nmi }
            - restart: cold
            - expect: { records: none }
            """
        );
        var run = await CommandRun.InAsync(folder.Root, "list", file);
        Assert.That(run.Exit.Code, Is.Zero);
        Assert.That(
            run.StandardError.Split('\n')[0],
            Does.EndWith("old.yaml:6:12: 'way' is called 'trigger' now; the old word is read until 0.3")
        );
        Assert.That(run.StandardOutput, Does.Contain("/old"));
    }

    [Test]
    public async Task A_bug_that_is_not_there_is_refused() =>
        Assert.That(
            await CommandRun.ComplaintAsync(Here, "list", "--bugs", "efi-store-fool"),
            Does.Contain("did you mean 'efi-store-full'?")
        );
}
