using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--kernel</c> and <c>--image</c>: kernels and guests of the user's own, the same for every command that takes
/// cases.
/// </summary>
internal sealed class OwnGuestsOption
{
    private readonly Option<string[]> _kernels = new("--kernel", "-k")
    {
        Description =
            "Runs the cases with this kernel in place of the catalogue's: a bzImage, a linux-image .deb or "
            + "a built tree. NAME=PATH names it.",
        HelpName = "[NAME=]PATH",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules; looked for beside it when left out.",
        HelpName = "DIR",
    };

    private readonly ImageOption _images;

    private readonly OwnFilesOption _files;

    public OwnGuestsOption(Command command)
    {
        _files = new OwnFilesOption(command);
        _images = new ImageOption(command);
        command.Options.Add(_kernels);
        command.Options.Add(_modules);
    }

    /// <summary>The same options once more, as words of a command line.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
        [
            .. _files.Words(parsed),
            .. (parsed.GetValue(_kernels) ?? []).SelectMany(kernel => new[] { _kernels.Name, kernel }),
            .. parsed.GetValue(_modules) is { } modules ? [_modules.Name, modules] : (string[])[],
            .. _images.Words(parsed),
        ];

    /// <summary>The lab as it is without these kernels.</summary>
    public Lab Open(ParseResult parsed) => new(_files.Paths(parsed), TimeProvider.System);

    /// <summary>The lab, with these kernels ready in it.</summary>
    /// <exception cref="UsageException">One is not a kernel.</exception>
    public async Task<Lab> OpenAsync(ParseResult parsed, ProgressView? view, CancellationToken cancellation)
    {
        var paths = _files.Paths(parsed);
        var arguments = parsed.GetValue(_kernels) ?? [];
        var modules = parsed.GetValue(_modules);
        if (modules is not null && arguments.Length != 1)
            throw new UsageException($"--modules: goes with one --kernel, and there are {arguments.Length}");
        var import = Lab.ImportInto(paths);
        var given = new List<Kernel>();
        foreach (var argument in arguments)
            given.Add(await import.ImportAsync(UserKernel.Parse(argument, modules), cancellation));
        return new Lab(
            paths,
            TimeProvider.System,
            view,
            given,
            images: await _images.ImportAsync(parsed, paths, cancellation)
        );
    }
}
