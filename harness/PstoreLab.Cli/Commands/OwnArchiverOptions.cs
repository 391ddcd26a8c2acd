using System.CommandLine;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--archiver</c> and <c>--root</c>: a program of the user's own to check in place of those of releases.
/// </summary>
internal sealed class OwnArchiverOptions
{
    private readonly Option<string?> _archiver = new("--archiver")
    {
        Description =
            "Checks this program: words of sh, which get two more, the folder with the records and the archive. "
            + $"{OwnArchiver.UnlinkVariable} is yes or no.",
        HelpName = "CMD",
    };
    private readonly Option<string?> _root = new("--root")
    {
        Description = "Checks the systemd-pstore in this folder: an unpacked package, a built tree, a whole root.",
        HelpName = "DIR",
    };
    private readonly Option<string?> _systemd = new("--systemd")
    {
        Description =
            "The systemd release of that program, such as 257: what the catalogue knows of it counts as known.",
        HelpName = "N",
    };

    public OwnArchiverOptions(Command command)
    {
        command.Options.Add(_archiver);
        command.Options.Add(_root);
        command.Options.Add(_systemd);
    }

    /// <summary>The program; null where none is given.</summary>
    /// <exception cref="UsageException">There are two, or there is none in the folder.</exception>
    public OwnProgram? Program(ParseResult parsed, IArchitecture architecture)
    {
        string? systemd = parsed.GetValue(_systemd);
        if (systemd is not null && (systemd.Length is 0 or > 4 || !systemd.All(char.IsAsciiDigit)))
            throw new UsageException($"--systemd: found '{systemd}', expected a release of systemd, such as 257");
        var program = (parsed.GetValue(_archiver), parsed.GetValue(_root)) switch
        {
            (null, null) => null,
            ({ } words, null) => new OwnProgram(NameOf(words), words, null, $"--archiver {words}"),
            (null, { } folder) => OwnRoot.Find(folder, architecture),
            _ => throw new UsageException("--archiver and --root: each names a program to check; give one of them"),
        };
        if (program is null && systemd is not null)
            throw new UsageException("--systemd: goes with --archiver or --root, and neither is given");
        return systemd is null ? program : program! with { Version = systemd };
    }

    private static string NameOf(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            ? Path.GetFileName(first)
            : throw new UsageException(
                "--archiver: it is empty; expected a program, as in --archiver ./systemd-pstore"
            );
}
