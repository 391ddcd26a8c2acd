namespace PstoreLab.Cli.Tests;

/// <summary>What somebody sees who types the first command, or a wrong one.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
public sealed class HelpTests
{
    private const int Columns = 80;

    private static readonly string[] Commands =
    [
        "run",
        "list",
        "explain",
        "console",
        "shell",
        "judge",
        "compare",
        "bisect",
        "archive-check",
        "record-set",
        "report",
        "decode",
        "diagnose",
        "layout",
        "replay",
        "doctor",
        "images",
        "images list",
        "images build",
        "images prune",
        "completion",
        "man",
    ];

    [Test]
    public async Task The_name_alone_shows_how_to_begin()
    {
        var run = await CommandRun.InAsync(Path.GetTempPath());
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((2, "")), "nothing was tested");
        string output = run.StandardOutput;
        Assert.That(output, Does.StartWith("PstoreLab boots real kernels").And.Contain("pstorelab help COMMAND"));
        foreach (string command in (string[])["doctor", "run", "list", "report", "decode"])
            Assert.That(output, Does.Contain($"\n  {command} ").And.Contain($"pstorelab {command}"));
        AssertWidth(output);
    }

    [Test]
    public async Task The_help_has_every_command_with_an_example()
    {
        string help = await CommandRun.OutputAsync(Path.GetTempPath(), "--help");
        Assert.That(await CommandRun.OutputAsync(Path.GetTempPath(), "help"), Is.EqualTo(help));
        foreach (string command in Commands.Where(command => !command.Contains(' ')))
            Assert.That(help, Does.Contain($"\n  {command} ").And.Contain($"pstorelab {command}"), command);
        AssertWidth(help);
    }

    [TestCaseSource(nameof(Commands))]
    public async Task Each_command_is_explained(string command)
    {
        string[] words = command.Split(' ');
        string help = await CommandRun.OutputAsync(Path.GetTempPath(), ["help", .. words]);
        Assert.That(help, Does.StartWith($"pstorelab {command}: ").And.Contain($"\n  pstorelab {command}"));
        AssertWidth(help);
    }

    [Test]
    public async Task The_option_says_the_same() =>
        Assert.That(
            await CommandRun.OutputAsync(Path.GetTempPath(), "images", "build", "--help"),
            Is.EqualTo(await CommandRun.OutputAsync(Path.GetTempPath(), "help", "images", "build"))
        );

    [TestCase("run --gdb", "run has no option '--gdb'", "run")]
    [TestCase("run cycle --filtre backend=erst", "run has no option '--filtre'; did you mean '--filter'?", "run")]
    [TestCase("decode --delete a.bin", "decode has no option '--delete'; did you mean '--deleted'?", "decode")]
    [TestCase("list -x", "list has no option '-x'", "list")]
    [TestCase("decode", "decode needs FILE, as in: pstorelab decode dmesg-ramoops-0.enc.z", "decode")]
    [TestCase("doctor now", "doctor: one word too many: 'now'", "doctor")]
    [TestCase("rnu", "there is no command 'rnu'; did you mean 'run'?", null)]
    [TestCase("--versoin", "there is no option '--versoin'; did you mean '--version'?", null)]
    [TestCase("help nothing", "there is no command 'nothing'", null)]
    [TestCase("images", "images: which command? list, build, prune", "images")]
    [TestCase(
        "test linux.deb",
        "there is no command 'test'; to test a kernel: pstorelab run cycle --kernel linux-image.deb",
        null
    )]
    public async Task What_is_wrong_is_one_sentence(string line, string sentence, string? command)
    {
        string see = command is null ? "pstorelab" : $"pstorelab {command}";
        Assert.That(
            await CommandRun.ComplaintAsync(Path.GetTempPath(), line.Split(' ')),
            Is.EqualTo($"pstorelab: {sentence}\npstorelab: see `{see} --help`\n")
        );
    }

    [Test]
    public async Task A_word_behind_two_hyphens_is_one() =>
        Assert.That(
            await CommandRun.ComplaintAsync(Path.GetTempPath(), "list", "--", "--gdb"),
            Does.StartWith("pstorelab: unknown family, scenario or case '--gdb'; nearest are ")
        );

    [Test]
    public async Task A_long_list_of_names_is_cut_to_the_nearest()
    {
        string complaint = await CommandRun.ComplaintAsync(Path.GetTempPath(), "list", "frobnicate");
        Assert.That(complaint, Does.Contain("; `pstorelab list` has all").And.Length.LessThan(300));
    }

    [Test]
    public async Task A_package_is_no_case() =>
        Assert.That(
            await CommandRun.ComplaintAsync(Path.GetTempPath(), "run", "linux-image.deb"),
            Is.EqualTo(
                "pstorelab: 'linux-image.deb' is a package; to test its kernel: cycle --kernel linux-image.deb\n"
            )
        );

    [Test]
    public async Task All_of_it_has_to_be_said()
    {
        // Where it need not be said, there is no place for the results, and hours are not lost.
        string complaint = await CommandRun.ComplaintAsync(Path.GetTempPath(), "run", "--out", "/dev/null/out");
        Assert.That(
            complaint,
            Does.Match("^pstorelab: nothing was chosen; all of it is [0-9]{4} cases")
                .And.Contain("`pstorelab run --all`")
        );
    }

    private static void AssertWidth(string text) =>
        Assert.That(text.Split('\n').Select(line => line.Length), Is.All.LessThanOrEqualTo(Columns), text);
}
