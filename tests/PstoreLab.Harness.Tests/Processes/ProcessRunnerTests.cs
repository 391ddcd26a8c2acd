using System.Diagnostics;
using System.Runtime.InteropServices;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Tests.Processes;

[CancelAfter(60_000)]
public class ProcessRunnerTests
{
    private readonly ProcessRunner _runner = new();

    [TestCase("exit 0", 0)]
    [TestCase("exit 42", 42)]
    [TestCase("kill -KILL $$", 137)]
    [TestCase("kill -TERM $$", 143)]
    [TestCase("kill -SEGV $$", 139)]
    [TestCase("kill -PIPE $$", 141)]
    public async Task The_exit_code_is_the_one_a_shell_would_show(string script, int expected)
    {
        var output = await _runner.RunAsync(Shell(script));
        Assert.That(output.Exit.Code, Is.EqualTo(expected));
    }

    [Test]
    public async Task Bytes_pass_unchanged_both_ways_however_many()
    {
        var sent = new byte[5_000_003];
        new Random(1).NextBytes(sent);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var input = new MemoryStream(sent);
        await using var child = _runner.Start(
            Shell("tee /dev/stderr") with
            {
                StandardInput = input,
                StandardOutput = output,
                StandardError = error,
            }
        );

        Assert.That((await Eventually.Ends(child.Exit)).Code, Is.Zero);
        Assert.That(output.ToArray().AsSpan().SequenceEqual(sent), "standard output");
        Assert.That(error.ToArray().AsSpan().SequenceEqual(sent), "standard error");
    }

    [Test]
    public async Task Without_an_input_the_child_reads_its_end()
    {
        var output = await _runner.RunAsync(new ProcessSpec("wc", "-c"));
        Assert.That(output.StandardOutput.Trim(), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_child_need_not_read_its_input()
    {
        using var input = new MemoryStream(new byte[5_000_000]);
        var output = await _runner.RunAsync(Shell("exit 3") with { StandardInput = input });
        Assert.That(output.Exit.Code, Is.EqualTo(3));
    }

    [Test]
    public async Task An_input_that_never_ends_does_not_hold_up_the_exit()
    {
        using var input = new EndlessSilence();
        await using var child = _runner.Start(Shell("exit 4") with { StandardInput = input });
        Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(4));
    }

    [Test]
    public async Task Output_nobody_wants_does_not_stop_the_child()
    {
        await using var child = _runner.Start(
            Shell("head -c 3000000 /dev/zero && head -c 3000000 /dev/zero >&2 && exit 5")
        );
        Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(5));
    }

    [Test]
    public async Task Output_that_cannot_be_kept_is_an_infrastructure_fault()
    {
        using var full = File.OpenWrite("/dev/full");
        await using var child = _runner.Start(Shell("head -c 3000000 /dev/zero") with { StandardOutput = full });
        var fault = await Assert.ThrowsAsync<InfraException>(() => Eventually.Ends(child.Exit));
        Assert.That(fault.Message, Does.Contain("head -c 3000000").And.Contain("could not be kept"));
    }

    [Test]
    public async Task The_child_runs_in_the_folder_it_was_given()
    {
        var output = await _runner.RunAsync(new ProcessSpec("pwd") { WorkingDirectory = "/usr" });
        Assert.That(output.StandardOutput, Is.EqualTo("/usr\n"));
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        var fault = Assert.Throws<InfraException>(() =>
            _runner.Start(new ProcessSpec("pwd") { WorkingDirectory = "/no/such/folder" })
        );
        Assert.That(fault.Message, Does.Contain("`pwd`").And.Contain("/no/such/folder"));
    }

    [Test]
    public async Task Variables_are_set_and_removed()
    {
        Assume.That(Environment.GetEnvironmentVariable("PATH"), Is.Not.Null);
        var output = await _runner.RunAsync(
            new ProcessSpec("env")
            {
                Environment = new Dictionary<string, string?> { ["PSTORELAB_TEST"] = "two words", ["PATH"] = null },
            }
        );
        Assert.That(
            output.StandardOutput.Split('\n'),
            Has.Member("PSTORELAB_TEST=two words").And.None.StartsWith("PATH=")
        );
    }

    [Test]
    public async Task Arguments_arrive_as_they_were()
    {
        string[] arguments =
        [
            "",
            " ",
            "two words",
            "\"quoted\"",
            "it's",
            "back\\slash",
            "ends in \\",
            "\\\"",
            "line\nline\r\n",
            "tab\t",
            "$HOME `x` *",
            "--",
            "-h",
            "é €",
        ];
        var output = await _runner.RunAsync(new ProcessSpec("printf", [@"%s\0", .. arguments]));
        Assert.That(output.StandardOutput.Split('\0')[..^1], Is.EqualTo(arguments));
    }

    [Test]
    public void A_program_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<InfraException>(() =>
            _runner.Start(new ProcessSpec("no-such-program", "an argument"))
        );
        Assert.That(fault.Message, Does.Contain("`no-such-program 'an argument'`").And.Contain("on PATH"));
    }

    [Test]
    public void A_file_that_is_no_program_is_named()
    {
        var fault = Assert.Throws<InfraException>(() => _runner.Start(new ProcessSpec("/etc/passwd")));
        Assert.That(fault.Message, Does.Contain("'/etc/passwd' is not executable"));
    }

    [Test]
    public async Task Every_child_leads_its_own_group_and_session()
    {
        using var lines = new LineSink();
        await using var child = _runner.Start(Shell("echo $$; exec sleep 1000") with { StandardOutput = lines });
        Assert.That(await lines.NextNumber(), Is.EqualTo(child.Id));
        Assert.That(ProcessTable.GroupOf(child.Id), Is.EqualTo(child.Id));
        Assert.That(ProcessTable.SessionOf(child.Id), Is.EqualTo(child.Id));
    }

    [Test]
    public async Task Kill_reaches_grandchildren()
    {
        using var lines = new LineSink();
        await using var child = _runner.Start(Shell("sleep 1000 & echo $!; wait") with { StandardOutput = lines });
        var grandchild = await lines.NextNumber();
        child.Kill();
        Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(137));
        await Eventually.Holds("the end of the grandchild", () => !ProcessTable.IsAlive(grandchild));
    }

    [Test]
    public async Task Kill_right_after_the_start_is_in_time()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var child = _runner.Start(new ProcessSpec("sleep", "1000"));
            child.Kill();
            Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(137));
        }
    }

    [Test]
    public async Task Terminate_lets_the_child_finish_its_work()
    {
        using var lines = new LineSink();
        await using var child = _runner.Start(
            Shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done") with
            {
                StandardOutput = lines,
            }
        );
        await lines.NextLine();
        child.Terminate();
        Assert.That(await lines.NextLine(), Is.EqualTo("bye"));
        Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(7));
    }

    [Test]
    public async Task Signals_to_a_child_that_has_ended_do_nothing()
    {
        await using var child = _runner.Start(Shell("exit 6"));
        await Eventually.Ends(child.Exit);
        child.Terminate();
        child.Kill();
        child.Kill();
        Assert.That((await child.Exit).Code, Is.EqualTo(6));
    }

    [Test]
    public async Task Dispose_kills_the_child_and_what_it_left_behind()
    {
        using var lines = new LineSink();
        int grandchild;
        await using (var child = _runner.Start(Shell("sleep 1000 >&- 2>&- & echo $!") with { StandardOutput = lines }))
        {
            grandchild = await lines.NextNumber();
            await Eventually.Ends(child.Exit);
            Assert.That(ProcessTable.IsAlive(grandchild));
        }
        await Eventually.Holds("the end of the grandchild", () => !ProcessTable.IsAlive(grandchild));
    }

    [Test]
    public async Task A_process_that_left_the_group_cannot_hold_up_a_killed_child()
    {
        using var lines = new LineSink();
        await using var child = _runner.Start(
            Shell("setsid sh -c 'echo $$; exec sleep 1000' & wait") with
            {
                StandardOutput = lines,
            }
        );
        var outsider = await lines.NextNumber();
        try
        {
            child.Kill();
            Assert.That((await Eventually.Ends(child.Exit)).Code, Is.EqualTo(137));
            Assert.That(ProcessTable.IsAlive(outsider), "it left the group");
        }
        finally
        {
            Process.GetProcessById(outsider).Kill();
        }
    }

    [Test]
    public async Task Cancelling_a_run_kills_the_child()
    {
        using var lines = new LineSink();
        using var cancel = new CancellationTokenSource();
        var run = _runner.RunAsync(Shell("echo $$; exec sleep 1000") with { StandardOutput = lines }, cancel.Token);
        var child = await lines.NextNumber();
        await cancel.CancelAsync();
        Assert.That(async () => await Eventually.Ends(run), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ProcessTable.IsAlive(child), Is.False);
    }

    [Test]
    public async Task A_child_outlives_the_thread_that_asked_for_it()
    {
        IRunningProcess? child = null;
        // The kernel ends a thread some time after Join returns, so the child stays a little longer before it says that
        // it is well.
        var thread = new Thread(() => child = _runner.Start(Shell("sleep 0.3; exit 8")));
        thread.Start();
        thread.Join();
        await using (child)
            Assert.That((await Eventually.Ends(child!.Exit)).Code, Is.EqualTo(8));
    }

    [Test]
    public async Task A_child_dies_when_the_harness_is_killed()
    {
        using var lines = new LineSink();
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        var harness = _runner.Start(
            new ProcessSpec(dotnet, Path.Combine(AppContext.BaseDirectory, "PstoreLab.TestProcess.dll"))
            {
                StandardOutput = lines,
            }
        );
        int child;
        await using (harness)
        {
            child = await lines.NextNumber();
            Assert.That(
                ProcessTable.GroupOf(child),
                Is.Not.EqualTo(harness.Id),
                "killing the group would prove nothing"
            );
            using var process = Process.GetProcessById(harness.Id);
            process.Kill();
            await Eventually.Holds("the end of the child", () => !ProcessTable.IsAlive(child));
        }
    }

    [Test]
    public async Task Many_children_at_once_need_no_thread_each()
    {
        var children = Enumerable.Range(0, 40).Select(_ => _runner.Start(new ProcessSpec("sleep", "1000"))).ToList();
        Assert.That(ThreadPool.ThreadCount, Is.LessThan(40));
        foreach (var child in children)
            child.Kill();
        await Eventually.Ends(Task.WhenAll(children.Select(child => child.Exit)));
    }

    [Test]
    public async Task A_failure_says_what_was_run_and_what_it_complained_of()
    {
        var output = await _runner.RunAsync(Shell("echo first >&2; echo last >&2; exit 9"));
        var fault = Assert.Throws<InfraException>(() => output.EnsureSuccess());
        Assert.That(
            fault.Message,
            Does.Contain("sh -c").And.Contain("exit code 9").And.Contain("first").And.Contain("last")
        );
    }

    [Test]
    public async Task A_runaway_child_cannot_eat_memory()
    {
        var output = await _runner.RunAsync(Shell($"head -c {ProcessRunnerExtensions.CaptureLimit + 5} /dev/zero"));
        Assert.That(output.StandardOutput, Has.Length.LessThan(ProcessRunnerExtensions.CaptureLimit + 100));
        Assert.That(output.StandardOutput, Does.EndWith("[5 more bytes not kept]\n"));
    }

    private static ProcessSpec Shell(string script) => new("sh", "-c", script);

    /// <summary>An input of which nothing ever comes, and which no token ends.</summary>
    private sealed class EndlessSilence : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            new TaskCompletionSource().Task;
    }
}
