using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab man</c>: the manual page.</summary>
internal static class ManCommand
{
    public static Command Create()
    {
        var command = new LabCommand(
            "man",
            CommandGroup.Look,
            "prints the manual page, for man(1)",
            ["man | man -l -"]
        );
        command.SetAction(parsed =>
        {
            string version = typeof(ManCommand).Assembly.GetName().Version!.ToString(fieldCount: 3);
            Terminal.Text.Write(ManPage.Of((RootCommand)parsed.RootCommandResult.Command, version));
            return ExitCode.Passed;
        });
        return command;
    }
}
