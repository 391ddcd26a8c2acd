using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>--time-limit</c> and <c>--fail-fast</c>: what ends a run before all of its cases have begun.</summary>
internal sealed class LimitOptions
{
    private readonly Option<TimeSpan?> _limit = new("--time-limit")
    {
        Description =
            "Begins no case after this time (90s, 20m, 2h); what runs goes on to its verdict, and the rest is "
            + "reported as not run.",
        HelpName = "DURATION",
        CustomParser = Duration,
    };

    private readonly Option<bool> _failFast = new("--fail-fast")
    {
        Description = "Begins no case after the first one that failed.",
    };

    public LimitOptions(Command command)
    {
        command.Options.Add(_limit);
        command.Options.Add(_failFast);
    }

    /// <summary>A gate that closes as they say; its time begins now.</summary>
    public RunGate Gate(ParseResult parsed) =>
        new(TimeProvider.System, parsed.GetValue(_limit), parsed.GetValue(_failFast));

    private static TimeSpan? Duration(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        double seconds =
            given.Length == 0
                ? 0
                : given[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    _ => 0,
                };
        const double longest = 30 * 24 * 3600;
        if (
            seconds > 0
            && double.TryParse(given[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n)
            && n * seconds is > 0 and <= longest
        )
            return TimeSpan.FromSeconds(n * seconds);
        result.AddError($"--time-limit: found '{given}', expected a duration such as 90s, 20m or 2h");
        return null;
    }
}
