using System.CommandLine;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Reports.Kcidb;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary><c>--kcidb</c>: a submission for KernelCI's database, the same for a run and for one that was.</summary>
internal sealed class KcidbOption
{
    private readonly Option<string?> _file = new("--kcidb")
    {
        Description = "Writes a submission for KernelCI's database, of KCIDB's schema 5.3.",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _origin = new("--kcidb-origin")
    {
        Description = "The name that KernelCI has given your CI system; pstorelab when left out.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "pstorelab",
    };

    public KcidbOption(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_origin);
    }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_file) is not null;

    /// <summary>Checks what can be checked before anything runs.</summary>
    /// <exception cref="Harness.Faults.UsageException">The folder is not there, or the name is none.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } file)
            return;
        FileOption.Check("--kcidb", file);
        KcidbReport.CheckOrigin(parsed.GetValue(_origin)!);
    }

    /// <summary>Writes the submission.</summary>
    /// <exception cref="Harness.Faults.InfraException">It cannot be written.</exception>
    public void Write(ParseResult parsed, FinishedRun run, IReadOnlyList<Bug> bugs) =>
        FileOption.Write(parsed.GetValue(_file)!, KcidbReport.Of(run, parsed.GetValue(_origin)!, bugs));
}
