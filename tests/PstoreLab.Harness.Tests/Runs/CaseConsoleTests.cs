using System.Threading.Channels;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Guests;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>The console of a case, as somebody follows it beside the run.</summary>
[CancelAfter(60_000)]
public class CaseConsoleTests
{
    private const string Id = "cycle/whole/erst";

    private ScratchFolder _scratch = null!;
    private Channel<string> _said = null!;

    private RunFolder Run => new(_scratch.Path);

    [SetUp]
    public void SetUp()
    {
        _scratch = new ScratchFolder();
        _said = Channel.CreateUnbounded<string>();
    }

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public async Task Of_one_that_has_ended_all_boots_are_printed(CancellationToken cancellation)
    {
        Write("boot-1/console.log", "Linux version\r\n\r\nPanic\r\n");
        Write("boot-1/crash-kernel.log", "captured\r\n");
        Write("boot-2/console.log", "cut off");
        End();
        Assert.That((await FollowAsync(cancellation))?.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            Said(),
            Is.EqualTo(
                new[]
                {
                    "--- boot 1",
                    "Linux version",
                    "",
                    "Panic",
                    "--- capture kernel of boot 1",
                    "captured",
                    "--- boot 2",
                    "cut off",
                }
            )
        );
    }

    [Test]
    public async Task One_that_runs_is_followed_from_before_it_begins(CancellationToken cancellation)
    {
        var following = FollowAsync(cancellation);
        Write("boot-1/console.log", "");
        await SaidAsync("--- boot 1", cancellation);
        Append("boot-1/console.log", "first\nsec");
        await SaidAsync("first", cancellation);
        Append("boot-1/console.log", "ond\n");
        await SaidAsync("second", cancellation);
        Write("boot-2/console.log", "third\n");
        await SaidAsync("--- boot 2", cancellation);
        await SaidAsync("third", cancellation);
        Assert.That(following.IsCompleted, Is.False);
        End();
        Assert.That((await following)?.Case, Is.EqualTo(Id));
    }

    [Test]
    public async Task Another_attempt_begins_anew(CancellationToken cancellation)
    {
        Write("boot-1/console.log", "one\n");
        var following = FollowAsync(cancellation);
        await SaidAsync("--- boot 1", cancellation);
        await SaidAsync("one", cancellation);
        Append("boot-1/console.log", "the last of it\n");
        Directory.Move(Run.Case(Id).Root, RunFolder.PreviousAttempt(Run.Case(Id).Root, 1));
        Write("boot-1/console.log", "again\n");
        foreach (string expected in new[] { "the last of it", "--- attempt 2", "--- boot 1", "again" })
            await SaidAsync(expected, cancellation);
        End();
        await following;
    }

    [Test]
    public async Task Where_the_run_ends_without_it_that_is_the_end(CancellationToken cancellation)
    {
        _scratch.Write("junit.xml", "<testsuites/>");
        Assert.That(await FollowAsync(cancellation), Is.Null);
    }

    [Test]
    public async Task A_result_of_another_case_is_no_end(CancellationToken cancellation)
    {
        _scratch.Write("results.jsonl", EvidenceJson.Line(Results.Of(Id + "+1", Verdict.Passed)) + "\n{\"" + Id + "\"");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = FollowAsync(stop.Token);
        Write("boot-1/console.log", "it runs\n");
        await SaidAsync("--- boot 1", cancellation);
        await SaidAsync("it runs", cancellation);
        Assert.That(following.IsCompleted, Is.False);
        await stop.CancelAsync();
        Assert.That(async () => await following, Throws.InstanceOf<OperationCanceledException>());
    }

    private Task<CaseResult?> FollowAsync(CancellationToken cancellation) =>
        new CaseConsole(Run, Id, new ManualTime()).FollowAsync(
            line => _said.Writer.TryWrite(line),
            heading => _said.Writer.TryWrite($"--- {heading}"),
            cancellation
        );

    private async Task SaidAsync(string expected, CancellationToken cancellation) =>
        Assert.That(await _said.Reader.ReadAsync(cancellation), Is.EqualTo(expected));

    private List<string> Said()
    {
        var all = new List<string>();
        while (_said.Reader.TryRead(out string? one))
            all.Add(one);
        return all;
    }

    private void Write(string name, string text) => _scratch.Write($"cases/{Id}/{name}", text);

    private void Append(string name, string text) => File.AppendAllText(Path.Combine(Run.Case(Id).Root, name), text);

    private void End() => _scratch.Write("results.jsonl", EvidenceJson.Line(Results.Of(Id, Verdict.Failed)) + "\n");
}
