using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests;

/// <summary>What shells complete and the manual page says is what the program has.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
public sealed partial class CompletionTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "pstorelab");

    [TestCase("bash")]
    [TestCase("zsh")]
    [TestCase("fish")]
    public async Task Every_command_and_option_is_in_the_script_and_the_shell_can_read_it(string shell)
    {
        string script = await CommandRun.OutputAsync(Path.GetTempPath(), "completion", shell);
        foreach (var (command, option) in Options())
        {
            Assert.That(script, Does.Match($"(?m)^.*\\b{Regex.Escape(command.Name)}\\b"), command.Name);
            string word = shell == "fish" ? $"-l {option[2..]}" : option;
            Assert.That(script, Does.Match($"{Regex.Escape(word)}(?![a-z-])"), $"{command.Name} {option}");
        }
        Assert.That(
            script,
            Does.Not.Contain("complete-name'").And.Not.Contain("--nothing"),
            "what is hidden is left out"
        );
        AssertIsInstalled(shell);
        var read = await new ProcessRunner().RunAsync(new ProcessSpec(shell, "-n") { StandardInput = Stream(script) });
        Assert.That((read.Exit.Code, read.StandardError), Is.EqualTo((0, "")));
    }

    [TestCase("ru", ExpectedResult = "run")]
    [TestCase("images bu", ExpectedResult = "build")]
    [TestCase("run --fil", ExpectedResult = "--file --filter")]
    [TestCase("run --accel ", ExpectedResult = "kvm tcg")]
    [TestCase("run --jobs ", ExpectedResult = "")]
    [TestCase("run cyc", ExpectedResult = "cycle/")]
    [TestCase("run --json cycle/record-w", ExpectedResult = "cycle/record-whole")]
    [TestCase(
        "explain cycle/record-whole/erst-cold-debian-6.18",
        ExpectedResult = "cycle/record-whole/erst-cold-debian-6.18"
    )]
    [TestCase("run nothing/at/all", ExpectedResult = "")]
    [TestCase("archive-check bookworm-", ExpectedResult = "bookworm-backports")]
    [TestCase("replay a.bin --kernel debian-5", ExpectedResult = "debian-5.10")]
    [TestCase("replay a.bin --backend ers", ExpectedResult = "erst")]
    [TestCase("help rep", ExpectedResult = "replay report")]
    [TestCase("completion ", ExpectedResult = "bash fish zsh")]
    public async Task<string> In_bash_a_word_becomes(string line)
    {
        string script =
            await CommandRun.OutputAsync(Path.GetTempPath(), "completion", "bash")
            + $"COMP_WORDS=({ShellWords.Quote(Program)} {line.TrimEnd()}{(line[^1] == ' ' ? " ''" : "")})\n"
            + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_pstorelab\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec("bash", "--norc") { StandardInput = Stream(script) }
        );
        Assert.That(run.StandardError, Is.Empty);
        return string.Join(
            ' ',
            run.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
        );
    }

    [Test]
    public async Task The_manual_page_explains_every_command_and_option()
    {
        string page = await CommandRun.OutputAsync(Path.GetTempPath(), "man");
        string plain = page.Replace("\\-", "-", StringComparison.Ordinal);
        foreach (var (command, option) in Options())
        {
            Assert.That(plain, Does.Contain($"\n.SS \"{PathOf(command)}\"\n"), command.Name);
            string section = plain[plain.IndexOf($"\n.SS \"{PathOf(command)}\"\n", StringComparison.Ordinal)..];
            section = section[
                ..(section.IndexOf("\n.S", 2, StringComparison.Ordinal) is > 0 and var end ? end : section.Length)
            ];
            if (option != "--help")
                Assert.That(
                    section,
                    Does.Match($"\\.B \"[^\"]*{Regex.Escape(option)}(?![a-z-])"),
                    $"{command.Name} {option}"
                );
        }
        Assert.That(plain, Does.StartWith(".TH \"PSTORELAB\" \"1\"").And.Contain("\n.SH \"EXIT STATUS\"\n"));
        Assert.That(Macros().Matches(page).Select(macro => macro.Value).Distinct(), Is.SubsetOf(Known));
        Assert.That(page.Where(letter => letter > 126), Is.Empty, "what is not ASCII has a name");
        await AssertReadAsync("mandoc", ["-Tlint", "-Wwarning"], page, "missing date");
        await AssertReadAsync("groff", ["-man", "-ww", "-Tutf8"], page);
    }

    private static readonly string[] Known =
    [
        ".TH",
        ".SH",
        ".SS",
        ".B",
        ".BR",
        ".I",
        ".PP",
        ".TP",
        ".RS",
        ".RE",
        ".nf",
        ".fi",
    ];

    // A check that is left out where its program is missing would hold everywhere else, and never here.
    private static void AssertIsInstalled(string program) =>
        Assert.That(HostProgram.Find(program), Is.Not.Null, $"there is no {program}; `make test` installs it");

    private static async Task AssertReadAsync(string program, string[] arguments, string page, string? allowed = null)
    {
        AssertIsInstalled(program);
        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec(program, arguments) { StandardInput = Stream(page) }
        );
        string[] said =
        [
            .. (run.StandardError + (program == "mandoc" ? run.StandardOutput : "")).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            ),
        ];
        Assert.That(said.Where(line => allowed is null || !line.Contains(allowed, StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Every option of every command that is shown.</summary>
    private static IEnumerable<(Command Command, string Option)> Options() =>
        from command in All(CommandLine.Root())
        from option in command.Options
        where !option.Hidden
        select (command, option is HelpOption ? "--help" : option.Name);

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => (Command[])[sub, .. All(sub)]);

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().First() is var parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;

    private static MemoryStream Stream(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"(?m)^\.\w+")]
    private static partial Regex Macros();
}
