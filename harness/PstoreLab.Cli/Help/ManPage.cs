using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Cli.Help;

/// <summary>The manual page, in the man(7) macros, of what the help is made of.</summary>
internal sealed class ManPage
{
    private readonly StringBuilder _text = new();

    /// <param name="version">Of the program, for the foot of the page.</param>
    public static string Of(RootCommand root, string version)
    {
        var page = new ManPage();
        page.Write(root, version);
        return page._text.ToString();
    }

    private void Write(RootCommand root, string version)
    {
        Macro("TH", "PSTORELAB", "1", "", $"PstoreLab {version}", "User Commands");
        Macro("SH", "NAME");
        Text("pstorelab - boots kernels, kills them, and proves what pstore kept");
        Macro("SH", "SYNOPSIS");
        Macro("B", HelpText.Program);
        Text("COMMAND [WORD…] [OPTION…]");
        Macro("SH", "DESCRIPTION");
        Text(root.Description ?? "");
        Macro("PP");
        Text(
            "Guests are made of Debian's kernels and packages, which are fetched and kept when a case first asks for "
                + "them. A run leaves a folder with a verdict for each case and all that it rests on."
        );
        Macro("SH", "COMMANDS");
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
            Write(command);
        Macro("SH", "OPTIONS");
        Options(root);
        ExitStatus();
        Environment();
        Files();
        Macro("SH", "SEE ALSO");
        Macro("BR", "systemd-pstore", "(8),");
        Macro("BR", "pstore.conf", "(5),");
        Macro("BR", MachineCatalogue.Default.QemuProgram, "(1)");
    }

    private void Write(Command command)
    {
        Macro("SS", HelpText.PathOf(command)[(HelpText.Program.Length + 1)..]);
        Macro("B", HelpText.PathOf(command));
        Text(HelpText.UsageOf(command).Trim());
        Macro("PP");
        Text(Sentence(command.Description ?? ""));
        if (command is LabCommand { Details.Length: > 0 } detailed)
        {
            Macro("PP");
            Text(detailed.Details);
        }
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
        {
            Macro("TP");
            Macro("I", argument.HelpName ?? argument.Name);
            Text(argument.Description ?? "");
        }
        Options(command);
        if (command is LabCommand { Examples.Count: > 0 } shown)
        {
            Macro("PP");
            Text(shown.Examples.Count == 1 ? "Example:" : "Examples:");
            Macro("PP");
            Macro("RS", "4");
            Macro("nf");
            foreach (string example in shown.Examples)
                _text.Append($"{HelpText.Program} {Escaped(example)}\n");
            Macro("fi");
            Macro("RE");
        }
        foreach (var sub in command.Subcommands.Where(sub => !sub.Hidden))
            Write(sub);
    }

    private void Options(Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden && option is not HelpOption))
        {
            Macro("TP");
            Macro("B", HelpText.LabelOf(option, aliases: true));
            Text(option.Description ?? "");
        }
        if (command is not RootCommand)
            return;
        Macro("TP");
        Macro("B", "-h, --help");
        Text("Explains the program, or the command before it.");
    }

    private void ExitStatus()
    {
        Macro("SH", "EXIT STATUS");
        foreach (
            var (code, meaning) in new[]
            {
                (ExitCode.Passed, "Nothing failed."),
                (ExitCode.Failed, "A case failed; what was asked for is not so."),
                (ExitCode.Usage, "A scenario or the command line is wrong."),
                (ExitCode.Infra, "This machine is at fault, or evidence is missing."),
                (ExitCode.Internal, "PstoreLab itself is at fault."),
                (ExitCode.NothingTested, "Nothing could be tested."),
                (ExitCode.Interrupted, "It was interrupted."),
            }
        )
        {
            Macro("TP");
            Macro("B", code.ToString(CultureInfo.InvariantCulture));
            Text(meaning);
        }
    }

    private void Environment()
    {
        Macro("SH", "ENVIRONMENT");
        Entry(Harness.Runs.Checkout.Variable, "A checkout of PstoreLab, in place of what is installed.");
        Entry("XDG_CACHE_HOME", "Where an installed PstoreLab keeps kernels and disks; ~/.cache when it is not set.");
        Entry("NO_COLOR", "Set to anything, nothing is coloured.");
    }

    private void Files()
    {
        Macro("SH", "FILES");
        Entry("/usr/share/pstorelab/scenarios/", "The shipped scenarios, a folder for each family.");
        Entry("/usr/share/pstorelab/images/", "What guests are made of, and the kernels that are known.");
        Entry("~/.cache/pstorelab/", "Kernels, disks and checkpoints. It may be deleted at any time.");
        Entry("out/", "In the current folder: the runs. out/latest is the last.");
    }

    private void Entry(string name, string text)
    {
        Macro("TP");
        Macro("B", name);
        Text(text);
    }

    private static string Sentence(string words) =>
        words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    private void Macro(string name, params string[] arguments)
    {
        _text.Append('.').Append(name);
        foreach (string argument in arguments)
            _text.Append(" \"").Append(Escaped(argument).Replace("\"", "\\(dq", StringComparison.Ordinal)).Append('"');
        _text.Append('\n');
    }

    private void Text(string words)
    {
        foreach (string line in HelpText.Wrapped(Escaped(words), "").TrimEnd('\n').Split('\n'))
            // What begins with a full stop would be a request.
            _text.Append(line is ['.', ..] ? "\\&" : "").Append(line).Append('\n');
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(
                rune.Value switch
                {
                    '\\' => "\\e",
                    '-' => "\\-",
                    '\'' => "\\(aq",
                    '`' => "\\(ga",
                    '^' => "\\(ha",
                    '~' => "\\(ti",
                    > 126 => $"\\[u{rune.Value:X4}]",
                    _ => rune.ToString(),
                }
            );
        }

        return escaped.ToString();
    }
}
