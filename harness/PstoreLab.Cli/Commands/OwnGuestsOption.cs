using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

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

    public OwnGuestsOption(Command command)
    {
        _images = new ImageOption(command);
        command.Options.Add(_kernels);
        command.Options.Add(_modules);
    }

    /// <summary>The lab, with these kernels ready in it.</summary>
    /// <exception cref="UsageException">One is not a kernel.</exception>
    public async Task<Lab> OpenAsync(ParseResult parsed, ProgressView? view, CancellationToken cancellation)
    {
        var paths = Checkout.Find();
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
            [.. kernels.Where(kernel => kernel.UserSupplied is null).Select(kernel => kernel.Name).Distinct()]
        );
    }
}
