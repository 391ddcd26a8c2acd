using System.CommandLine;
using PstoreLab.Harness;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Rootfs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--image</c>: disks of systemd guests of the user's own, the same for every command that takes cases.
/// </summary>
internal sealed class ImageOption
{
    private readonly Option<string[]> _images = new("--image")
    {
        Description =
            "Runs the cases of systemd guests with this disk in place of the catalogue's: qcow2 or raw, "
            + "with sshd on it. NAME=PATH names it.",
        HelpName = "[NAME=]PATH",
        DefaultValueFactory = _ => [],
    };

    public ImageOption(Command command) => command.Options.Add(_images);

    /// <summary>The same option once more, as words of a command line.</summary>
    public IEnumerable<string> Words(ParseResult parsed) =>
        (parsed.GetValue(_images) ?? []).SelectMany(image => new[] { _images.Name, image });

    /// <summary>The disks, checked.</summary>
    /// <exception cref="UsageException">One is not a guest's disk, or two have the same name.</exception>
    public async Task<IReadOnlyList<GuestDisk>> ImportAsync(
        ParseResult parsed,
        LabPaths paths,
        CancellationToken cancellation
    )
    {
        var import = new ImageImport(new ProcessRunner(), paths);
        var images = new List<GuestDisk>();
        foreach (var argument in parsed.GetValue(_images) ?? [])
        {
            var given = UserImage.Parse(argument);
            if (images.Any(image => image.Name == given.Name))
                throw new UsageException(
                    $"--image {argument}: there is one called '{given.Name}' already; give it another name, "
                        + $"as in --image other={given.Path}"
                );
            images.Add(await import.ImportAsync(given, cancellation));
        }
        return images;
    }
}
