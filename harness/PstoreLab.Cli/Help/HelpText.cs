using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace PstoreLab.Cli.Help;

/// <summary>
/// The help: of the program its commands by what they are for, of a command its examples, arguments and options. No
/// line is longer than a terminal of 80 columns.
/// </summary>
internal sealed class HelpText : SynchronousCommandLineAction
{
    public const int Columns = 80;

    private const int LabelColumns = 24;
    public const string Program = "pstorelab";

    // A user begins with these, in this order.
    private static readonly string[] StartingCommands = ["doctor", "run", "list", "report", "decode"];

    private static readonly (CommandGroup Group, string Title)[] Groups =
    [
        (CommandGroup.Run, "Run"),
        (CommandGroup.Look, "Look"),
        (CommandGroup.Kernels, "Kernels and guests"),
        (CommandGroup.Stores, "Stores and records"),
    ];

    /// <summary>Has every command of a program answer <c>--help</c> in this way.</summary>
    public static void Use(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Description = "Shows this.";
            help.Action = new HelpText();
        }
        foreach (var version in root.Options.OfType<VersionOption>())
            version.Description = "Shows the version, and the commit it was built from.";
    }

    // Who asks for help has not forgotten anything.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        parseResult.InvocationConfiguration.Output.Write(command is RootCommand root ? Of(root) : Of(command));
        return ExitCode.Passed;
    }

    /// <summary>What the program is for, and how to begin: for whoever typed nothing but its name.</summary>
    public static string FirstScreen(RootCommand root)
    {
        var text = new StringBuilder().Append(Wrapped(root.Description!, "")).Append('\n');
        foreach (string name in StartingCommands)
        {
            var command = Commands(root).Single(command => command.Name == name);
            text.Append($"  {name.PadRight(8)}{command.Description}\n    {Program} {command.Examples[0]}\n\n");
        }
        return text.Append(
                Wrapped($"`{Program} --help` lists all commands, `{Program} help COMMAND` explains one.", "")
            )
            .ToString();
    }

    private static string Of(RootCommand root)
    {
        var text = new StringBuilder().Append(Wrapped(root.Description!, ""));
        foreach (var (group, title) in Groups)
        {
            text.Append($"\n{title}\n");
            foreach (var command in Commands(root).Where(command => command.Group == group))
                text.Append(
                    $"  {command.Name.PadRight(15)}{command.Description}\n    {Program} {command.Examples[0]}\n"
                );
        }
        text.Append("\nOptions\n");
        AppendOptions(text, root);
        return text.Append('\n').Append(Wrapped($"`{Program} help COMMAND` explains one command.", "")).ToString();
    }

    private static string Of(Command command)
    {
        string path = PathOf(command);
        var text = new StringBuilder().Append(Wrapped($"{path}: {command.Description}", ""));
        text.Append($"\n{Wrapped(path + UsageOf(command), "  ", hanging: "    ")}");
        if (command is LabCommand { Details.Length: > 0 } detailed)
            text.Append('\n').Append(Wrapped(detailed.Details, ""));
        if (command is LabCommand { Examples.Count: > 0 } shown)
        {
            text.Append("\nExamples\n");
            foreach (string example in shown.Examples)
                text.Append($"  {Program} {example}\n");
        }
        if (command.Subcommands.Count > 0)
        {
            text.Append("\nCommands\n");
            foreach (var sub in command.Subcommands)
                AppendEntry(text, sub.Name, sub.Description ?? "");
        }
        if (command.Arguments.Count > 0)
        {
            text.Append("\nArguments\n");
            foreach (var argument in command.Arguments)
                AppendEntry(text, argument.HelpName ?? argument.Name, argument.Description ?? "");
        }
        text.Append("\nOptions\n");
        AppendOptions(text, command);
        return text.ToString();
    }

    private static IEnumerable<LabCommand> Commands(RootCommand root) => root.Subcommands.OfType<LabCommand>();

    /// <summary>A command with its program and those above it, as it is typed.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{PathOf(parent)} {command.Name}"
            : $"{Program} {command.Name}";

    /// <summary>What follows a command.</summary>
    public static string UsageOf(Command command)
    {
        var usage = new StringBuilder();
        foreach (var argument in command.Arguments)
        {
            string name = argument.HelpName ?? argument.Name;
            string many = argument.Arity.MaximumNumberOfValues > 1 ? "…" : "";
            usage.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}{many}]" : $" {name}{many}");
        }
        foreach (var option in command.Options.Where(option => option.Required))
            usage.Append(" " + LabelOf(option, aliases: false));
        if (command.Subcommands.Count > 0)
            usage.Append(" COMMAND");
        return usage.Append(" [OPTION…]").ToString();
    }

    private static void AppendOptions(StringBuilder text, Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden && option is not HelpOption))
            AppendEntry(text, LabelOf(option, aliases: true), option.Description ?? "");
        AppendEntry(text, "-h, --help", "Shows this.");
    }

    /// <summary>An option with its value, if it takes one.</summary>
    public static string LabelOf(Option option, bool aliases)
    {
        var names = option.Aliases.Where(alias => aliases && alias.Length == 2).Append(option.Name);
        return string.Join(", ", names) + (TakesValue(option) ? $" {option.HelpName ?? "VALUE"}" : "");
    }

    public static bool TakesValue(Option option) =>
        option is not (HelpOption or VersionOption) && option.ValueType != typeof(bool);

    private static void AppendEntry(StringBuilder text, string label, string description)
    {
        string indent = new(' ', LabelColumns);
        text.Append($"  {label}");
        if (label.Length > LabelColumns - 4)
            text.Append('\n').Append(Wrapped(description, indent));
        else
            text.Append(Wrapped(description, indent)[(2 + label.Length)..]);
    }

    /// <summary>
    /// Words in lines of at most so many columns, each with its end; a longer word has a line of its own.
    /// </summary>
    public static string Wrapped(string words, string indent, string? hanging = null)
    {
        var text = new StringBuilder();
        string line = indent;
        bool isEmpty = true;
        foreach (string word in words.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Columns)
            {
                text.Append(line).Append('\n');
                line = hanging ?? indent;
                isEmpty = true;
            }
            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }
        return text.Append(line).Append('\n').ToString();
    }
}
