using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace PstoreLab.Cli.Help.Completion;

/// <summary>A command as shells complete it.</summary>
/// <param name="Path">The words behind the program; empty for the program itself.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Subcommands">Their names.</param>
/// <param name="Words">What its other words are.</param>
/// <param name="Choices">Those words, where they are few.</param>
internal sealed record CommandEntry(
    string Path,
    string Summary,
    IReadOnlyList<CommandEntry> Subcommands,
    IReadOnlyList<OptionEntry> Options,
    ValueKind Words,
    IReadOnlyList<string> Choices
)
{
    /// <summary>The last word of its path.</summary>
    public string Name => Path[(Path.LastIndexOf(' ') + 1)..];

    /// <summary>It and all below it.</summary>
    public IEnumerable<CommandEntry> All => [this, .. Subcommands.SelectMany(sub => sub.All)];

    /// <summary>The entries of a program; what is hidden has none.</summary>
    public static CommandEntry Of(RootCommand root) => Of(root, "");

    private static CommandEntry Of(Command command, string path)
    {
        var argument = command.Arguments.FirstOrDefault();
        IReadOnlyList<string> choices = argument is null
            ? []
            : ChoicesOf(argument.GetCompletions(CompletionContext.Empty));
        return new CommandEntry(
            path,
            command.Description ?? "",
            [
                .. command
                    .Subcommands.Where(sub => !sub.Hidden)
                    .Select(sub => Of(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}")),
            ],
            [
                .. command.Options.Where(option => !option.Hidden && option is not HelpOption).Select(OptionEntry.Of),
                new OptionEntry("--help", "-h", "", "Shows this.", ValueKind.Nothing, []),
            ],
            argument is null ? ValueKind.Nothing
                : choices.Count > 0 ? ValueKind.Choice
                : OptionEntry.KindOf(argument.Name, argument.HelpName ?? argument.Name),
            choices
        );
    }

    internal static IReadOnlyList<string> ChoicesOf(IEnumerable<CompletionItem> items) =>
        [.. items.Select(item => item.InsertText ?? item.Label)];
}

/// <summary>An option as shells complete it.</summary>
/// <param name="Short">Its name of one letter, as in <c>-f</c>; null for none.</param>
/// <param name="Value">The word for its value; empty where it takes none.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Choices">Those words, where they are few.</param>
internal sealed record OptionEntry(
    string Name,
    string? Short,
    string Value,
    string Description,
    ValueKind Kind,
    IReadOnlyList<string> Choices
)
{
    public bool TakesValue => Value.Length > 0;

    /// <summary>All its names.</summary>
    public IEnumerable<string> Names => Short is null ? [Name] : [Short, Name];

    public static OptionEntry Of(Option option)
    {
        string value = HelpText.TakesValue(option) ? option.HelpName ?? "VALUE" : "";
        IReadOnlyList<string> choices =
            value.Length == 0 ? [] : CommandEntry.ChoicesOf(option.GetCompletions(CompletionContext.Empty));
        return new OptionEntry(
            option.Name,
            option.Aliases.FirstOrDefault(alias => alias.Length == 2),
            value,
            option.Description ?? "",
            value.Length == 0 ? ValueKind.Nothing
                : choices.Count > 0 ? ValueKind.Choice
                : KindOf(option.Name, value),
            choices
        );
    }

    /// <summary>What a value is, by the word that the help has for it.</summary>
    internal static ValueKind KindOf(string name, string value) =>
        value switch
        {
            _ when name == "--backend" => ValueKind.Backend,
            "FILTER" or "CASE" or "CASES" => ValueKind.Case,
            "KERNEL" => ValueKind.Kernel,
            "RELEASE" => ValueKind.Guest,
            "NAME" when !name.StartsWith('-') => ValueKind.Image,
            _ when Paths.Any(word => value.Contains(word, StringComparison.Ordinal)) => ValueKind.Path,
            "A" or "B" or "RUN" or "STORE" or "LOG" or "CMD" or "HOST:GUEST" => ValueKind.Path,
            _ => ValueKind.Nothing,
        };

    private static readonly string[] Paths = ["DIR", "FILE", "PATH"];
}
