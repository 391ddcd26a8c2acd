using PstoreLab.Cli.Tests.Decoding;

namespace PstoreLab.Cli.Tests;

/// <summary>Every command of docs/systemd-pstore.md.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
public sealed class SystemdPageTests
{
    private const string Program = "pstorelab ";
    private const string Record = "dmesg-ramoops-0";

    /// <summary>What is only said when all else of a command line is right.</summary>
    private const string NumberRefused = "pstorelab: --sets and --set: expected a number";

    private static IEnumerable<string> Commands => MarkdownPage.Commands("systemd-pstore.md");

    [TestCaseSource(nameof(Commands))]
    public async Task A_command_of_the_page_can_be_given(string line)
    {
        Assert.That(line, Does.StartWith(Program));
        string[] words = line[Program.Length..].Split(' ');
        using var folder = Folder();
        switch (words)
        {
            // What these do takes guests and minutes; that they may be asked for does not.
            case ["run", .. var chosen]:
                Assert.That(await CommandRun.InAsync(folder.Root, ["list", .. chosen]), Lists("archive/"));
                break;
            case ["archive-check", [not '-', ..], ..]:
                Assert.That(
                    await CommandRun.ComplaintAsync(folder.Root, [.. words, "--set", "-1"]),
                    Does.StartWith(NumberRefused)
                );
                break;
            case ["record-set", ..]:
                Assert.That(
                    await CommandRun.ComplaintAsync(folder.Root, words),
                    Does.StartWith($"pstorelab: there is no folder {words[1]}; name the folder of a run")
                );
                break;
            default:
                // So many are enough to see that it runs.
                string[] fewer = words.Contains("--sets-from") ? [] : ["--sets", "20"];
                var run = await CommandRun.InAsync(folder.Root, [.. words, .. fewer]);
                Assert.That(run.Exit.Code, Is.EqualTo(0).Or.EqualTo(1), run.StandardError);
                Assert.That(run.StandardOutput, Does.Contain("record sets per second"));
                break;
        }
    }

    [Test]
    public void The_page_has_commands() => Assert.That(Commands.Count(), Is.GreaterThan(5));

    private static NUnit.Framework.Constraints.IResolveConstraint Lists(string beginning) =>
        Has.Property("StandardOutput").StartWith(beginning);

    /// <summary>The files that the page speaks of.</summary>
    private static StoreFolder Folder()
    {
        var folder = new StoreFolder();
        foreach (string program in new[] { "build/systemd-pstore", "unpacked-package/usr/lib/systemd/systemd-pstore" })
        {
            Write(folder, program, "#!/bin/sh\ncp \"$1\"/* \"$2\"\n");
            File.SetUnixFileMode(Path.Combine(folder.Root, program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        Write(folder, $"my-sets/one/pstore-1/{Record}", "Panic#1 Part1\n");
        Write(folder, $"my-sets/one/expected/{Record}", "Panic#1 Part1\n");
        return folder;
    }

    private static void Write(StoreFolder folder, string path, string content)
    {
        string file = Path.Combine(folder.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
