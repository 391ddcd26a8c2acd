using System.Text.Json;
using PstoreLab.Cli.Tests.Decoding;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests;

/// <summary><c>judge</c> of what a stranger may have sent.</summary>
[CancelAfter(60_000)]
public class JudgeTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new StoreFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public async Task A_case_that_cannot_be_read_hides_no_other()
    {
        Write("cases/cycle/cut/plan.json", "{\"format\": 2, \"case\":");
        Write("cases/cycle/old/plan.json", "{\"format\": 1}");
        Write("cases/cycle/pipe/note", "");
        (
            await new ProcessRunner().RunAsync(
                new ProcessSpec("mkfifo", Path.Combine(_folder.Root, "cases/cycle/pipe/plan.json"))
            )
        ).EnsureSuccess();
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "cases/again"), "cycle");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "cases/cycle/self"), ".");
        var run = await CommandRun.InAsync(_folder.Root, "judge", _folder.Root, "--json");
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((3, "")));
        var judged = run
            .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(
                one => one.GetProperty("case").GetString()!,
                one => one.GetProperty("judgement").GetProperty("reason").GetString()!
            );
        Assert.That(judged.Keys, Is.EqualTo(["cycle/cut", "cycle/old", "cycle/pipe"]));
        Assert.That(judged["cycle/cut"], Does.Contain("/cases/cycle/cut/plan.json does not parse: "));
        Assert.That(judged["cycle/old"], Does.Contain("/cases/cycle/old/plan.json is of format 1, "));
        Assert.That(judged["cycle/pipe"], Does.EndWith("/cases/cycle/pipe/plan.json is a pipe, a socket or a device"));
    }

    [Test]
    public async Task A_folder_without_a_case_is_refused() =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "judge", _folder.Root),
            Does.Contain("holds no case")
        );

    [Test]
    public async Task Results_that_are_a_device_are_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "results.jsonl"), "/dev/zero");
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "report", "--atlas", _folder.Root),
            Does.Contain("results.jsonl is no plain file")
        );
    }

    private void Write(string name, string content)
    {
        string path = Path.Combine(_folder.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
