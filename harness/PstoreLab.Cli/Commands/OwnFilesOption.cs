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

    /// <summary>The same options once more, as words of a command line.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
        [
            .. parsed.GetValue(_scenarios) is { } scenarios ? [_scenarios.Name, scenarios] : (string[])[],
            .. parsed.GetValue(_kernels) is { } kernels ? [_kernels.Name, kernels] : (string[])[],
        ];

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
