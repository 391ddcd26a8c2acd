using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Images;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab images</c>: the kernels that guests boot.</summary>
internal static class ImagesCommand
{
    public static Command Create() => new("images", "Lists, fetches and prunes kernels. Example: pstorelab images build debian-6.12") { List(), Build(), Prune() };

    private static Command List()
    {
        var command = new Command("list", "Lists the catalogue and what of it is here.");
        command.SetAction(_ =>
        {
            var lab = new Lab(Checkout.Find(), TimeProvider.System);
            var stored = lab.Kernels.List();
            var table = new Table().Border(TableBorder.Simple).AddColumns("kernel", "suite", "version", "MiB");
            foreach (string name in lab.Catalogue.Names)
            {
                var here = stored.Where(kernel => kernel.Name == name && kernel.IsCurrent).ToList();
                table.AddRow(name, lab.Catalogue[name].Suite, here.Count > 0 ? here[0].Version : lab.Catalogue[name].Kind == KernelKind.Built ? "not built" : "not fetched", here.Count > 0 ? $"{here[0].Bytes >> 20}" : "");
            }

            foreach (var old in stored.Where(kernel => !kernel.IsCurrent))
                table.AddRow(old.Name.EscapeMarkup(), "", $"{old.Version} (prunable)".EscapeMarkup(), $"{old.Bytes >> 20}");
            Terminal.Out.Write(table);
            return ExitCode.Passed;
        });
        return command;
    }

    private static Command Build()
    {
        var names = new Argument<string[]>("KERNEL") { Description = "Names of the catalogue; all of it when left out.", Arity = ArgumentArity.ZeroOrMore };
        var refresh = new Option<bool>("--refresh") { Description = "Looks for newer versions of kernels that are already here." };
        var command = new Command("build", "Fetches kernels from the Debian archive; builds those that are built here.") { names, refresh };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var view = ProgressView.Create();
            var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
            var wanted = parsed.GetValue(names) is { Length: > 0 } some ? some : [.. lab.Catalogue.Names];
            foreach (string name in wanted)
            {
                Kernel kernel = parsed.GetValue(refresh) ? await lab.Kernels.RefreshAsync(name, cancellation) : await lab.Kernels.EnsureAsync(name, cancellation);
                Console.Out.WriteLine($"{kernel.Name} {kernel.Version}");
            }

            return ExitCode.Passed;
        });
        return command;
    }

    private static Command Prune()
    {
        var command = new Command("prune", "Deletes kernels that no catalogue entry stands for any more, and what interrupted builds and --kernel left.");
        command.SetAction(_ =>
        {
            var paths = Checkout.Find();
            Lab.ImportInto(paths).Prune();
            foreach (var gone in new Lab(paths, TimeProvider.System).Kernels.Prune())
                Console.Out.WriteLine($"deleted {gone.Name} {gone.Version}, {gone.Bytes >> 20} MiB");
            return ExitCode.Passed;
        });
        return command;
    }
}
