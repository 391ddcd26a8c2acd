using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>--append</c>: kernel parameters for all boots of the cases that are chosen.</summary>
internal sealed class AppendOption
{
    private readonly Option<string?> _append = new("--append")
    {
        Description =
            "Adds parameters to the kernel's command line at every boot, such as \"slub_debug=FZ nokaslr\". One "
            + "that the case sets itself is refused.",
        HelpName = "PARAMETERS",
    };

    public AppendOption(Command command) => command.Options.Add(_append);

    /// <summary>What is appended; nothing where the option is not given.</summary>
    /// <exception cref="Harness.Faults.UsageException">These are no kernel parameters.</exception>
    public IReadOnlyDictionary<string, string> Parse(ParseResult parsed) =>
        parsed.GetValue(_append) is { } text ? AppendedParameters.Parse(text) : new Dictionary<string, string>();

    /// <inheritdoc cref="Parse"/>
    /// <returns>The cases with these parameters.</returns>
    public IReadOnlyList<Case> To(ParseResult parsed, IReadOnlyList<Case> cases)
    {
        var parameters = Parse(parsed);
        return parameters.Count == 0 ? cases : [.. cases.Select(@case => @case with { Appended = parameters })];
    }

    /// <summary>Says below a table what all its boots have had.</summary>
    public void Print(ParseResult parsed)
    {
        if (parsed.GetValue(_append) is { } text)
            Terminal.Out.MarkupLineInterpolated($"appended to every kernel's command line: {text}");
    }
}
