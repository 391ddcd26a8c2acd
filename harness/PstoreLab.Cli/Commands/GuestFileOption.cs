using System.CommandLine;
using PstoreLab.Harness;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--file</c>: files of the user's own in systemd guests, the same for every command that takes cases.
/// </summary>
internal sealed class GuestFileOption
{
    private readonly Option<string[]> _files = new("--file")
    {
        Description =
            "Puts a file of this machine into every systemd guest, such as a systemd-pstore that was built here. "
            + "Repeat it for several.",
        HelpName = "HOST:GUEST",
        DefaultValueFactory = _ => [],
    };

    public GuestFileOption(Command command) => command.Options.Add(_files);

    /// <summary>The files, checked and kept.</summary>
    /// <exception cref="UsageException">One is not there, or two are for the same path.</exception>
    public IReadOnlyList<OwnFile> Import(ParseResult parsed, LabPaths paths)
    {
        var import = new OwnFileImport(paths);
        var files = new List<OwnFile>();
        foreach (string argument in parsed.GetValue(_files) ?? [])
        {
            var file = import.Import(argument);
            if (files.Any(other => other.Path == file.Path))
                throw new UsageException($"--file {argument}: another file is for {file.Path} already");
            files.Add(file);
        }
        return files;
    }

    /// <exception cref="UsageException">There are files, and no case has a guest for them.</exception>
    public void Check(ParseResult parsed, IReadOnlyList<Case> cases)
    {
        if (parsed.GetValue(_files) is { Length: > 0 } && cases.All(@case => @case.SystemdGuests.Count == 0))
            throw new UsageException(
                "--file: no case that is chosen boots a systemd guest; those of `pstorelab list archive` do"
            );
    }
}
