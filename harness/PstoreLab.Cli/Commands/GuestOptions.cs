using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>How guests are run and watched, the same for every command that boots some.</summary>
internal sealed class GuestOptions
{
    private const int MostJobs = 1000;
    private const int MostRepetitions = 10_000;

    private readonly Option<int?> _jobs = new("--jobs", "-j")
    {
        Description = "Guests at once; one per core when left out, fewer when memory is short.",
        HelpName = "N",
        CustomParser = result => Number(result, MostJobs),
    };
    private readonly Option<int> _repeat = new("--repeat")
    {
        Description = "Runs every case so many times.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = result => Number(result, MostRepetitions),
    };
    private readonly Option<string?> _accel = new("--accel")
    {
        Description = "kvm or tcg; the one that was proven to boot a guest here when left out.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _freshBoots = new("--fresh-boots")
    {
        Description = "Boots every guest all the way, where a checkpoint of another boot might do.",
    };
    private readonly Option<double> _check = new("--check-checkpoints")
    {
        Description =
            "Runs so many percent of the cases with restored boots once more with fresh ones; a difference fails the "
            + "run. 2 when left out.",
        HelpName = "N%",
        DefaultValueFactory = _ => BootPolicy.Default.CheckedShare,
        CustomParser = Share,
    };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "The folder that gets the run's folder; out/ when left out.",
        HelpName = "DIR",
    };

    private readonly VerbosityOptions _verbosity;

    public GuestOptions(Command command)
    {
        Choice.Among(_accel, "kvm", "tcg");
        command.Options.Add(_jobs);
        command.Options.Add(_repeat);
        command.Options.Add(_accel);
        command.Options.Add(_freshBoots);
        command.Options.Add(_check);
        command.Options.Add(_out);
        _verbosity = new VerbosityOptions(command);
    }

    public int? Jobs(ParseResult parsed) => parsed.GetValue(_jobs);

    /// <summary>Guests at once, where memory allows them.</summary>
    public int Guests(ParseResult parsed) => Jobs(parsed) ?? Environment.ProcessorCount;

    public int Repeat(ParseResult parsed) => parsed.GetValue(_repeat);

    public string? Accelerator(ParseResult parsed) => parsed.GetValue(_accel);

    public BootPolicy Boots(ParseResult parsed) =>
        parsed.GetValue(_freshBoots) ? BootPolicy.Fresh : new BootPolicy(IsFresh: false, parsed.GetValue(_check));

    public Verbosity Verbosity(ParseResult parsed) => _verbosity.Of(parsed);

    /// <summary>What somebody sees of the run while it goes on.</summary>
    /// <param name="json">Whether results are printed as JSON meanwhile.</param>
    public ProgressView View(ParseResult parsed, bool json) =>
        ProgressView.Create(Verbosity(parsed), still: json && Terminal.OutIsShown);

    /// <exception cref="UsageException">It is no folder, and cannot become one.</exception>
    public string? Out(ParseResult parsed) =>
        parsed.GetValue(_out) is { } given && File.Exists(given)
            ? throw new UsageException($"{_out.Name}: found the file {Nearest.Quote(given)}, expected a folder")
            : parsed.GetValue(_out);

    /// <summary>Every case as often as it was asked for, numbered.</summary>
    public IReadOnlyList<Case> Repeated(ParseResult parsed, IReadOnlyList<Case> cases) =>
        Repeat(parsed) is var times && times == 1
            ? cases
            : [.. Enumerable.Range(1, times).SelectMany(n => cases.Select(@case => @case.Repeated(n)))];

    private static double Share(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        if (
            double.TryParse(
                given.EndsWith('%') ? given[..^1] : given,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out double percent
            ) && percent is >= 0 and <= 100
        )
            return percent / 100;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: found '{given}', expected 0 to 100 (percent)");
        return 0;
    }

    private static int Number(ArgumentResult result, int most)
    {
        string given = result.Tokens[0].Value;
        if (
            int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= 1
            && number <= most
        )
            return number;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: found '{given}', expected 1 to {most}");
        return 1;
    }
}
