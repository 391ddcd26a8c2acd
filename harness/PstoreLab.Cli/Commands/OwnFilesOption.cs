using System.CommandLine;
using PstoreLab.Harness;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--scenarios</c> and <c>--kernels</c>: the user's own beside those that are shipped, the same for every command
/// that takes cases.
/// </summary>
internal sealed class OwnFilesOption
{
    private readonly Option<string?> _scenarios = new("--scenarios")
    {
        Description = "A folder of scenarios of your own, one folder per family, beside those that are shipped.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _kernels = new("--kernels")
    {
        Description = "A list of kernels of your own, as images/kernels.yaml, beside those that are shipped.",
        HelpName = "FILE",
    };

    public OwnFilesOption(Command command)
    {
        command.Options.Add(_scenarios);
        command.Options.Add(_kernels);
    }

    /// <summary>Where things lie, with these among them.</summary>
    public LabPaths Paths(ParseResult parsed) =>
        Checkout.Find() with
        {
            OwnScenarios = Full(parsed.GetValue(_scenarios)),
            OwnKernels = Full(parsed.GetValue(_kernels)),
        };

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
