using System.CommandLine;
using PstoreLab.Cli.Output;

namespace PstoreLab.Cli.Commands;

/// <summary><c>-q</c> and <c>-v</c>, of every command whose guests somebody may watch.</summary>
internal sealed class VerbosityOptions
{
    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "Prints failures and what came of it all, nothing else.",
    };
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Prints each state of each crash cycle, too.",
    };

    public VerbosityOptions(Command command)
    {
        command.Options.Add(_quiet);
        command.Options.Add(_verbose);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_quiet) && result.GetValue(_verbose))
                result.AddError("--quiet and --verbose: give one of them");
        });
    }

    public Verbosity Of(ParseResult parsed) =>
        parsed.GetValue(_quiet) ? Verbosity.Quiet
        : parsed.GetValue(_verbose) ? Verbosity.Verbose
        : Verbosity.Normal;
}
