using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>--kernel</c> and <c>--image</c>: kernels and guests of the user's own, or one of the catalogue's in place of the
/// others; the same for every command that takes cases.
/// </summary>
internal sealed class OwnGuestsOption
{
    private readonly Option<string[]> _kernels = new("--kernel", "-k")
    {
        Description =
            "Runs the cases with this kernel in place of those that they name: a name of the catalogue, SUITE:VERSION, "
            + "or a bzImage, a linux-image .deb or a built tree, which NAME=PATH names.",
        HelpName = "KERNEL",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules; looked for beside it when left out.",
        HelpName = "DIR",
    };

    private readonly ImageOption _images;
    private readonly GuestFileOption _guestFiles;
    private readonly OwnFilesOption _beside;

    public OwnGuestsOption(Command command)
    {
        _beside = new OwnFilesOption(command);
        _images = new ImageOption(command);
        _guestFiles = new GuestFileOption(command);
        command.Options.Add(_kernels);
        command.Options.Add(_modules);
    }

    /// <summary>Checks what can be checked when the cases are known.</summary>
    /// <exception cref="UsageException">Files are given to guests that no case boots.</exception>
    public void Check(ParseResult parsed, IReadOnlyList<Case> cases) => _guestFiles.Check(parsed, cases);

    /// <summary>The lab as it is without these kernels.</summary>
    public Lab Open(ParseResult parsed) => new(_beside.Paths(parsed), TimeProvider.System);

    /// <summary>The lab, with these kernels ready in it.</summary>
    /// <exception cref="UsageException">One is not a kernel.</exception>
    public async Task<Lab> OpenAsync(ParseResult parsed, ProgressView? view, CancellationToken cancellation)
    {
        var paths = _beside.Paths(parsed);
        var arguments = parsed.GetValue(_kernels) ?? [];
        var modules = parsed.GetValue(_modules);
        if (modules is not null && arguments.Length != 1)
            throw new UsageException($"--modules: goes with one --kernel, and there are {arguments.Length}");
        var kernels =
            arguments.Length == 0
                ? []
                : await ChosenKernels.InAsync(
                    new Lab(paths, TimeProvider.System, view),
                    arguments,
                    modules,
                    cancellation
                );
        var named = ChosenKernels.Named(kernels);
        return new Lab(
            paths,
            TimeProvider.System,
            view,
            named.UserSupplied,
            named with
            {
                UserSupplied = [],
            },
            await _images.ImportAsync(parsed, paths, cancellation),
            _guestFiles.Import(parsed, paths),
            [.. kernels.Where(kernel => kernel.UserSupplied is null).Select(kernel => kernel.Name).Distinct()]
        );
    }
}
