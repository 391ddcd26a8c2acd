using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab record-set CASE_DIR DIR</c>: what systemd was shown in a case that has been run, as a record set for
/// <c>archive-check --sets-from</c>.
/// </summary>
internal static class RecordSetCommand
{
    private const int MostFaults = 5;

    private static readonly Argument<string> Case = new("CASE_DIR")
    {
        Description = "The folder of a case with a systemd guest, out/latest/cases/archive/… or a copy of it.",
    };
    private static readonly Argument<string> Folder = new("DIR")
    {
        Description = "The folder of your sets; it gets a folder with the name of the case.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "record-set",
            CommandGroup.Stores,
            "keeps what a case archived, for `archive-check`",
            ["record-set out/latest/cases/archive/restarted/bullseye my-sets"],
            "The set has the records of each boot, and the archive that came of them as the expected one. What is "
                + "wrong with that archive is printed: correct expected/ before you rely on it."
        )
        {
            Case,
            Folder,
        };
        command.SetAction(Record);
        return command;
    }

    private static int Record(ParseResult parsed)
    {
        string given = parsed.GetRequiredValue(Case);
        var found = EvidenceFolders.In(given);
        if (found.Count != 1)
            throw new UsageException($"{given} holds {found.Count} cases; name one of them, such as {found[0].Root}");
        var set = RecordedSet.Of(found[0]);
        string folder = Path.Combine(parsed.GetRequiredValue(Folder), set.Kind);
        if (Path.Exists(folder))
            throw new UsageException($"{folder} is there already; remove it, or name another folder");
        OwnRecordSets.Write(folder, set, OwnRecordSets.Expected, set.Expected!);
        Terminal.Text.WriteLine($"{folder}: {set}, {set.Expected!.Count} files expected");
        var faults = RecordedSet.FaultsOf(set);
        foreach (string fault in faults.Take(MostFaults))
            Terminal.Text.WriteLine($"  not as it should be: {fault}");
        if (faults.Count > MostFaults)
            Terminal.Text.WriteLine($"  and {faults.Count - MostFaults} more");
        return ExitCode.Passed;
    }
}
