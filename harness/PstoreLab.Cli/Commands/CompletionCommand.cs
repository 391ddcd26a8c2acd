using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Help.Completion;
using PstoreLab.Cli.Output;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab completion SHELL</c>: the script with which a shell completes commands, options and
/// names.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish." };

    static CompletionCommand() => Choice.Among(Shell, "bash", "zsh", "fish");

    public static Command Create()
    {
        var command = new LabCommand(
            "completion",
            CommandGroup.Look,
            "prints what a shell completes its words with",
            ["completion bash >>~/.bash_completion", "completion zsh >~/.zfunc/_pstorelab"]
        )
        {
            Shell,
        };
        command.SetAction(Print);
        return command;
    }

    private static int Print(ParseResult parsed)
    {
        var program = CommandEntry.Of((RootCommand)parsed.RootCommandResult.Command);
        Terminal.Text.Write(
            parsed.GetRequiredValue(Shell) switch
            {
                "bash" => BashCompletion.Of(program),
                "zsh" => ZshCompletion.Of(program),
                _ => FishCompletion.Of(program),
            }
        );
        return ExitCode.Passed;
    }
}
