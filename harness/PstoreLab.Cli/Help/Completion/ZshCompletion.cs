using System.Text;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Help.Completion;

/// <summary>Completion for zsh, by its <c>_arguments</c>.</summary>
internal static class ZshCompletion
{
    public static string Of(CommandEntry program)
    {
        var text = new StringBuilder(
            """
            #compdef pstorelab
            # zsh completion of pstorelab; written by `pstorelab completion zsh`.
            _pstorelab_names() { # KIND
              local -a found
              found=(${(f)"$(pstorelab complete-name $1 "$PREFIX" 2>/dev/null)"})
              compadd -q -S '' -a found
              [[ $1 != (case|kernel) ]] || _files
            }

            """
        );
        foreach (var command in program.All)
        {
            text.Append($"{FunctionOf(command)}() {{\n");
            if (command.Subcommands.Count > 0)
                text.Append("  local curcontext=$curcontext state line\n  typeset -A opt_args\n");
            text.Append($"  _arguments -s{(command.Subcommands.Count > 0 ? " -C" : "")}");
            foreach (var option in command.Options)
                text.Append($" \\\n    {Spec(option)}");
            text.Append(
                command.Subcommands.Count > 0
                    ? $" \\\n    '1:command:(({CommandsOf(command)}))' \\\n    '*::word:->words'\n"
                    : $" \\\n    {Quote($"*:word:{ActionOf(command.Words, command.Choices)}")}\n"
            );
            if (command.Subcommands.Count > 0)
            {
                text.Append("  [[ $state == words ]] || return\n  case $line[1] in\n");
                foreach (var sub in command.Subcommands)
                    text.Append($"    {sub.Name}) {FunctionOf(sub)} ;;\n");
                string names = string.Join(' ', command.Subcommands.Select(sub => sub.Name));
                if (command.Path.Length == 0)
                    text.Append($"    help) _arguments '1:command:({names})' ;;\n");
                text.Append("  esac\n");
            }
            text.Append("}\n");
        }

        return text.Append(
                "if [[ $funcstack[1] == _pstorelab ]]; then _pstorelab \"$@\"; else compdef _pstorelab pstorelab; fi\n"
            )
            .ToString();
    }

    private static string FunctionOf(CommandEntry command) =>
        $"_pstorelab{(command.Path.Length == 0 ? "" : "-" + command.Path.Replace(' ', '-'))}";

    private static string CommandsOf(CommandEntry command)
    {
        var entries = command.Subcommands.Select(sub => $"{sub.Name}\\:{Doubly(sub.Summary)}");
        return string.Join(' ', command.Path.Length == 0 ? entries.Append("help\\:\"explains a command\"") : entries);
    }

    // In quotes of its own, in a word in quotes.
    private static string Doubly(string text) =>
        $"\"{text.Replace("\\", "").Replace("\"", "").Replace("`", "").Replace("$", "").Replace("'", "")}\"";

    // An option may come more than once, and so may a flag.
    private static string Spec(OptionEntry option)
    {
        string rest =
            $"[{Escaped(option.Description)}]"
            + (option.TakesValue ? $":{Escaped(option.Value)}:{ActionOf(option.Kind, option.Choices)}" : "");
        return string.Join(" \\\n    ", option.Names.Select(name => Quote($"*{name}{rest}")));
    }

    private static string ActionOf(ValueKind kind, IReadOnlyList<string> choices) =>
        kind switch
        {
            ValueKind.Nothing => " ",
            ValueKind.Choice => $"({string.Join(' ', choices)})",
            ValueKind.Path => "_files",
            // A blank before it, or _arguments gives it words of its own.
            _ => $" _pstorelab_names {BashCompletion.NameOf(kind)}",
        };

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\").Replace("[", "\\[").Replace("]", "\\]").Replace(":", "\\:");

    private static string Quote(string word) => ShellWords.Quote(word) is ['\'', ..] quoted ? quoted : $"'{word}'";
}
