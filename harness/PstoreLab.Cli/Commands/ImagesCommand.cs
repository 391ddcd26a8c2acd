using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab images</c>: the kernels that guests boot, and the disks of those with systemd.</summary>
internal static class ImagesCommand
{
    public static Command Create() =>
        new LabCommand(
            "images",
            CommandGroup.Kernels,
            "lists, makes and prunes kernels and systemd guests",
            ["images list", "images build debian-6.12 bookworm"]
        )
        {
            List(),
            Build(),
            Prune(),
        };

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
                table.AddRow(
                    name,
                    lab.Catalogue[name].Suite,
                    here.Count > 0 ? here[0].Version
                        : lab.Catalogue[name].Kind == KernelKind.Built ? "not built"
                        : "not fetched",
                    here.Count > 0 ? $"{here[0].Bytes >> 20}" : ""
                );
            }

            foreach (var old in stored.Where(kernel => !kernel.IsCurrent))
                table.AddRow(
                    old.Name.EscapeMarkup(),
                    "",
                    $"{old.Version} (prunable)".EscapeMarkup(),
                    $"{old.Bytes >> 20}"
                );
            Terminal.Out.Write(table);
            Terminal.Out.Write(Guests(lab));
            Terminal.Out.Write(Checkpoints(lab));
            return ExitCode.Passed;
        });
        return command;
    }

    private static Table Guests(Lab lab)
    {
        var stored = lab.Rootfs.List();
        var table = new Table().Border(TableBorder.Simple).AddColumns("systemd guest", "suites", "systemd", "MiB");
        foreach (string name in lab.RootfsCatalogue.Names)
        {
            var here = stored.FirstOrDefault(disk => disk.Name == name && disk.IsCurrent);
            table.AddRow(
                name,
                string.Join(", ", lab.RootfsCatalogue[name].Suites),
                (here?.SystemdVersion ?? "not made").EscapeMarkup(),
                here is null ? "" : $"{here.Bytes >> 20}"
            );
        }

        foreach (var old in stored.Where(disk => !disk.IsCurrent))
            table.AddRow(
                old.Name.EscapeMarkup(),
                "",
                $"{old.SystemdVersion} (prunable)".EscapeMarkup(),
                $"{old.Bytes >> 20}"
            );
        return table;
    }

    private static Table Checkpoints(Lab lab)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("checkpoint", "of", "MiB");
        foreach (var stored in lab.Checkpoints.List())
            table.AddRow(stored.Name, stored.What.EscapeMarkup(), $"{stored.Bytes >> 20}");
        return table;
    }

    private static Command Build()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description =
                "Names of the catalogues, of kernels or systemd guests; every kernel when nothing is asked for.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var refresh = new Option<bool>("--refresh")
        {
            Description = "Looks for newer versions of what is already here.",
        };
        var guests = new Option<bool>("--guests") { Description = "Every systemd guest." };
        var command = new Command(
            "build",
            "Fetches kernels from the Debian archive; builds those that are built here, and systemd guests."
        )
        {
            names,
            refresh,
            guests,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var view = ProgressView.Create();
                var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
                string[] asked =
                [
                    .. parsed.GetValue(names) ?? [],
                    .. parsed.GetValue(guests) ? lab.RootfsCatalogue.Names : [],
                ];
                string[] known = [.. lab.Catalogue.Names, .. lab.RootfsCatalogue.Names];
                if (asked.Except(known).FirstOrDefault() is { } unknown)
                    throw new UsageException(Nearest.Unknown("kernel or systemd guest", unknown, known));
                var wanted = asked.Length > 0 ? asked : lab.Catalogue.Names;
                foreach (string name in wanted)
                {
                    if (lab.RootfsCatalogue.Contains(name))
                    {
                        GuestDisk rootfs = parsed.GetValue(refresh)
                            ? await lab.Rootfs.RefreshAsync(name, cancellation)
                            : await lab.Rootfs.EnsureAsync(name, cancellation);
                        Terminal.Text.WriteLine($"{rootfs.Name} systemd {rootfs.SystemdVersion}");
                        continue;
                    }

                    Kernel kernel = parsed.GetValue(refresh)
                        ? await lab.Kernels.RefreshAsync(name, cancellation)
                        : await lab.Kernels.EnsureAsync(name, cancellation);
                    Terminal.Text.WriteLine($"{kernel.Name} {kernel.Version}");
                }

                return ExitCode.Passed;
            }
        );
        return command;
    }

    private static Command Prune()
    {
        var command = new Command(
            "prune",
            "Deletes kernels and systemd guests that no catalogue entry stands for any more, all checkpoints, and "
                + "what interrupted builds, --kernel and --file left."
        );
        command.SetAction(_ =>
        {
            var paths = Checkout.Find();
            Lab.ImportInto(paths).Prune();
            new OwnFileImport(paths).Prune();
            var lab = new Lab(paths, TimeProvider.System);
            foreach (var gone in lab.Kernels.Prune())
                Terminal.Text.WriteLine($"deleted {gone.Name} {gone.Version}, {gone.Bytes >> 20} MiB");
            foreach (var gone in lab.Rootfs.Prune())
                Terminal.Text.WriteLine(
                    $"deleted {gone.Name} with systemd {gone.SystemdVersion}, {gone.Bytes >> 20} MiB"
                );
            foreach (var gone in lab.Checkpoints.Prune())
                Terminal.Text.WriteLine($"deleted the checkpoint {gone.Name} of {gone.What}, {gone.Bytes >> 20} MiB");
            return ExitCode.Passed;
        });
        return command;
    }
}
