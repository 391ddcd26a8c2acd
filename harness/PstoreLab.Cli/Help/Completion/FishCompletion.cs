using System.Text;

namespace PstoreLab.Cli.Help.Completion;

/// <summary>Completion for fish: a line for each command and option.</summary>
internal static class FishCompletion
{
    public static string Of(CommandEntry program)
    {
        var text = new StringBuilder(
            """
            # fish completion of pstorelab; written by `pstorelab completion fish`.
            function __pstorelab_names
                pstorelab complete-name $argv[1] (commandline -ct) 2>/dev/null
            end
            function __pstorelab_is # the words of a command, and no other command
                set -l given (commandline -opc)
                set -l words (string match -v -- '-*' $given[2..])
                test (count $words) -ge (count $argv); or return
                set -l own $words[1..(count $argv)]
                test "$own" = "$argv"
            end

            """
        );
        foreach (var command in program.All)
        {
            string when = ConditionOf(command);
            text.Append('\n');
            if (command.Words != ValueKind.Path && !TakesFiles(command.Words))
                text.Append($"complete -c pstorelab -n {when} -f\n");
            foreach (var sub in command.Subcommands)
                text.Append(
                    $"complete -c pstorelab -n {BareConditionOf(command)} -a {sub.Name} -d {Quote(sub.Summary)}\n"
                );
            if (command.Path.Length == 0)
                text.Append(
                    $"complete -c pstorelab -n {BareConditionOf(command)} -a help -d 'explains a command'\n"
                        + "complete -c pstorelab -n '__pstorelab_is help' -f -a "
                        + $"{Quote(string.Join(' ', command.Subcommands.Select(sub => sub.Name)))}\n"
                );
            if (command.Choices.Count > 0)
                text.Append($"complete -c pstorelab -n {when} -a {Quote(string.Join(' ', command.Choices))}\n");
            if (BashCompletion.NameOf(command.Words) is { } kind)
                text.Append($"complete -c pstorelab -n {when} -a '(__pstorelab_names {kind})'\n");
            foreach (var option in command.Options)
                text.Append($"complete -c pstorelab -n {when} {SpecOf(option)} -d {Quote(option.Description)}\n");
        }

        return text.ToString();
    }

    private static bool TakesFiles(ValueKind kind) => kind is ValueKind.Case or ValueKind.Kernel;

    private static string ConditionOf(CommandEntry command) =>
        command.Path.Length == 0 ? "'test (count (commandline -opc)) -eq 1'" : $"'__pstorelab_is {command.Path}'";

    // Where its own commands are not completed any more.
    private static string BareConditionOf(CommandEntry command) =>
        command.Path.Length == 0
            ? ConditionOf(command)
            : $"'__pstorelab_is {command.Path}; and not __fish_seen_subcommand_from "
                + $"{string.Join(' ', command.Subcommands.Select(sub => sub.Name))}'";

    private static string SpecOf(OptionEntry option)
    {
        string names = (option.Short is null ? "" : $"-s {option.Short[1..]} ") + $"-l {option.Name[2..]}";
        return option.Kind switch
        {
            _ when !option.TakesValue => names,
            ValueKind.Choice => $"{names} -x -a {Quote(string.Join(' ', option.Choices))}",
            ValueKind.Path => $"{names} -r -F",
            ValueKind.Nothing => $"{names} -x",
            _ => $"{names} {(TakesFiles(option.Kind) ? "-r -F" : "-x")} -a "
                + $"'(__pstorelab_names {BashCompletion.NameOf(option.Kind)})'",
        };
    }

    private static string Quote(string text) => "'" + text.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
}
