using System.CommandLine;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>How guests are run, the same for every command that boots some.</summary>
internal sealed class GuestOptions
{
    private readonly Option<int?> _jobs = new("--jobs", "-j")
    {
        Description = "Guests at once; one per core when left out, fewer when memory is short.",
        HelpName = "N",
    };
    private readonly Option<int> _repeat = new("--repeat")
    {
        Description = "Runs every case so many times.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string?> _accel = new("--accel")
    {
        Description = "kvm or tcg; the one that was proven to boot a guest here when left out.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "The folder that gets the run's folder; out/ of the checkout when left out.",
        HelpName = "DIR",
    };

    public GuestOptions(Command command)
    {
        _accel.AcceptOnlyFromAmong("kvm", "tcg");
        _jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--jobs: at least 1");
        });
        _repeat.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
                result.AddError("--repeat: 1 to 10000");
        });
        command.Options.Add(_jobs);
        command.Options.Add(_repeat);
        command.Options.Add(_accel);
        command.Options.Add(_out);
    }

    public int? Jobs(ParseResult parsed) => parsed.GetValue(_jobs);

    public int Repeat(ParseResult parsed) => parsed.GetValue(_repeat);

    public string? Accelerator(ParseResult parsed) => parsed.GetValue(_accel);

    public string? Out(ParseResult parsed) => parsed.GetValue(_out);

    /// <summary>Every case as often as it was asked for, numbered.</summary>
    public IReadOnlyList<Case> Repeated(ParseResult parsed, IReadOnlyList<Case> cases) =>
        Repeat(parsed) is var times && times == 1
            ? cases
            : [.. Enumerable.Range(1, times).SelectMany(n => cases.Select(@case => @case.Repeated(n)))];
}
