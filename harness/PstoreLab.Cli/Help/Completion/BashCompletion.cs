using System.Text;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Help.Completion;

/// <summary>
/// Completion for bash: commands and options stand in the script, names are asked for. Where it has nothing to offer,
/// bash completes files.
/// </summary>
internal static class BashCompletion
{
    public static string Of(CommandEntry program)
    {
        var text = new StringBuilder(
            """
            # bash completion of pstorelab; written by `pstorelab completion bash`.
            _pstorelab() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' i
              local words='' options='' names=''
              COMPREPLY=()
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "$path ${COMP_WORDS[i]}" in

            """
        );
        foreach (var command in program.All.Where(command => command.Path.Length > 0))
            text.Append($"      ' {command.Path}') path=' {command.Path}' ;;\n");
        text.Append("    esac\n  done\n  case \"$path $prev\" in\n");
        foreach (var command in program.All)
        {
            foreach (var option in command.Options.Where(option => option.TakesValue))
                text.Append($"    {Patterns(command, option)}) {ValueOf(option)}; return ;;\n");
        }

        text.Append("  esac\n  case $path in\n");
        foreach (var command in program.All)
        {
            string path = command.Path.Length == 0 ? "''" : $"' {command.Path}'";
            text.Append($"    {path})\n");
            text.Append($"      options={Quoted(command.Options.SelectMany(option => option.Names))}\n");
            IEnumerable<string> words = [.. command.Subcommands.Select(sub => sub.Name), .. command.Choices];
            if (command.Path.Length == 0)
                words = words.Append("help");
            if (words.Any())
                text.Append($"      words={Quoted(words)}\n");
            if (NameOf(command.Words) is { } kind)
                text.Append($"      names={kind}\n");
            text.Append("      ;;\n");
        }

        return text.Append(
                """
                  esac
                  case $cur in
                    -*) _pstorelab_words "$options" ;;
                    *) if [ -n "$names" ]; then _pstorelab_names "$names"; else _pstorelab_words "$words"; fi ;;
                  esac
                }
                _pstorelab_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
                _pstorelab_names() { # KIND: a name that goes on behind its slash gets no blank
                  _pstorelab_words "$("${COMP_WORDS[0]}" complete-name "$1" "$cur" 2>/dev/null)"
                  case ${COMPREPLY[0]-} in */) compopt -o nospace 2>/dev/null ;; esac
                }
                complete -o bashdefault -o default -F _pstorelab pstorelab

                """
            )
            .ToString();
    }

    /// <summary>The word for <c>complete-name</c>; null where nothing is asked for.</summary>
    internal static string? NameOf(ValueKind kind) =>
        kind is ValueKind.Nothing or ValueKind.Choice or ValueKind.Path ? null : $"{kind}".ToLowerInvariant();

    private static string Patterns(CommandEntry command, OptionEntry option) =>
        string.Join(
            '|',
            option.Names.Select(name =>
                ShellWords.Quote($"{(command.Path.Length == 0 ? "" : " " + command.Path)} {name}")
            )
        );

    private static string ValueOf(OptionEntry option) =>
        option.Kind == ValueKind.Choice ? $"_pstorelab_words {Quoted(option.Choices)}"
        : NameOf(option.Kind) is { } kind ? $"_pstorelab_names {kind}"
        : ":";

    private static string Quoted(IEnumerable<string> words) => ShellWords.Quote(string.Join(' ', words));
}
