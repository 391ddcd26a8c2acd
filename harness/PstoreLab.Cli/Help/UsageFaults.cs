using System.CommandLine;
using System.CommandLine.Parsing;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Help;

/// <summary>What is wrong with a command line, each in a sentence that says what to do.</summary>
internal static class UsageFaults
{
    /// <summary>The faults of a command line; empty for one that can be meant.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // What looks like an option is none of the words that a command takes.
        if (OptionsAmongWords(parsed).ToList() is { Count: > 0 } options)
            return [.. options.Select(option => UnknownOption(command, option))];
        // Asked to help with a command that is none, the parser forgives that.
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var word, ..])
            return [UnknownCommand(command, word)];
        if (parsed.Errors.Count == 0)
            return [];
        if (command.Subcommands.Count > 0)
            return [$"{command.Name}: which command? {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}"];
        return parsed.UnmatchedTokens is [var unknown, ..]
                ?
                [
                    unknown.StartsWith('-')
                        ? UnknownOption(command, unknown)
                        : $"{command.Name}: one word too many: {Nearest.Quote(unknown)}",
                ]
            : Missing(parsed) is { } missing ? [missing]
            : [.. parsed.Errors.Select(error => error.Message)];
    }

    private static string? Missing(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var given = parsed.CommandResult.Children;
        if (given.OfType<OptionResult>().FirstOrDefault(one => !one.Implicit && IsBare(one)) is { Option: var option })
            return $"{option.Name} needs {option.HelpName ?? "a value"}: {option.Description}";
        string? name =
            command
                .Arguments.FirstOrDefault(argument =>
                    argument.Arity.MinimumNumberOfValues
                    > given.OfType<ArgumentResult>().Where(one => one.Argument == argument).Sum(one => one.Tokens.Count)
                )
                ?.Name
            ?? command
                .Options.FirstOrDefault(option =>
                    option.Required && !given.OfType<OptionResult>().Any(one => one.Option == option && !one.Implicit)
                )
                ?.Name;
        return name is null ? null
            : command is LabCommand { Examples: [var example, ..] }
                ? $"{command.Name} needs {name}, as in: pstorelab {example}"
            : $"{command.Name} needs {name}";
    }

    private static bool IsBare(OptionResult given) => given.Tokens.Count < given.Option.Arity.MinimumNumberOfValues;

    // Behind `--` every word is one.
    private static IEnumerable<string> OptionsAmongWords(ParseResult parsed) =>
        parsed
            .Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token =>
                token.Type == TokenType.Argument
                && token.Value is ['-', not '-' and (< '0' or > '9'), ..] or ['-', '-', _, ..]
            )
            .Select(token => token.Value)
            .Where(word =>
                parsed
                    .CommandResult.Children.OfType<ArgumentResult>()
                    .Any(argument => argument.Tokens.Any(token => token.Value == word))
            );

    private static string UnknownOption(Command command, string word)
    {
        string name = word.Split('=')[0];
        string[] known =
        [
            .. command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)),
        ];
        string none = command is RootCommand ? "there is no option" : $"{command.Name} has no option";
        return $"{none} {Nearest.Quote(name)}"
            + (Nearest.To(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : "");
    }

    private static string UnknownCommand(Command command, string word)
    {
        string[] known = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];
        string none = command is RootCommand ? "there is no command" : $"{command.Name} has no command";
        if (word.EndsWith(".deb", StringComparison.Ordinal) || word == "test")
            return $"{none} {Nearest.Quote(word)}; to test a kernel: pstorelab run cycle --kernel "
                + (word == "test" ? "linux-image.deb" : word);
        return word.StartsWith('-')
            ? UnknownOption(command, word)
            : $"{none} {Nearest.Quote(word)}"
                + (Nearest.To(word, known) is { } nearest ? $"; did you mean '{nearest}'?" : "");
    }
}
