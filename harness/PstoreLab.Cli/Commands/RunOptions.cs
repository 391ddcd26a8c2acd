using System.CommandLine;
using System.CommandLine.Parsing;

namespace PstoreLab.Cli.Commands;

/// <summary>The options of <c>run</c>, by what they are about.</summary>
internal sealed class RunOptions(Command command)
{
    /// <summary>The options that a case is made of.</summary>
    public static readonly string[] Remade =
    [
        "--kernel",
        "--modules",
        "--image",
        "--file",
        "--append",
        "--scenarios",
        "--kernels",
        "--known",
    ];

    public GuestOptions Guests { get; } = new(command);

    public Selection Selection { get; } = new(command);

    public LastFailedOption LastFailed { get; } = new(command);

    public OwnGuestsOption Own { get; } = new(command);

    public AppendOption Append { get; } = new(command);

    public KnownOption Known { get; } = new(command);

    public LimitOptions Limits { get; } = new(command);

    public ReportOptions Reports { get; } = new(command);

    /// <summary>The options that say what the cases are made of, as they were given, for whoever runs one again. How
    /// many run at once, and what is said of it, may be another then.</summary>
    public static IReadOnlyList<string> OfTheCases(ParseResult parsed) =>
        [
            .. parsed
                .CommandResult.Children.OfType<OptionResult>()
                .Where(given => !given.Implicit && Remade.Contains(given.Option.Name))
                .SelectMany(given => given.Tokens.SelectMany(token => (string[])[given.Option.Name, token.Value])),
        ];

    /// <summary>The lab, and the cases that are meant, with all that the options say of them.</summary>
    /// <param name="failed">The cases of another run that are meant alone; null for all that are chosen.</param>
    /// <exception cref="Harness.Faults.UsageException">An option cannot be meant.</exception>
    public async Task<ChosenCases> ChooseAsync(
        ParseResult parsed,
        FailedCases? failed,
        Output.ProgressView view,
        CancellationToken cancellation
    )
    {
        var lab = await Own.OpenAsync(parsed, view, cancellation);
        var chosen = Append.To(parsed, Selection.Of(parsed, lab));
        if (failed is not null)
            chosen = failed.Of(chosen, !Selection.IsGiven(parsed), view.Report);
        Own.Check(parsed, chosen);
        var known = Known.Read(parsed, lab, chosen);
        return new ChosenCases(lab, Guests.Repeated(parsed, KnownOption.Applied(known, chosen)), known);
    }
}
