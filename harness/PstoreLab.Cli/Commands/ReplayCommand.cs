using System.CommandLine;
using System.Diagnostics;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Replays;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab replay STORE… --kernel K</c>: has a real kernel read stores that others have left.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string[]> Names = new("STORE")
    {
        Description =
            "A ramoops area, a dump of memory with some, the file of an acpi-erst device, OVMF variables, or a "
            + "pstore_blk device; perhaps gzipped. Or directories of them.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string> Kernel = new("--kernel", "-k")
    {
        Description = "The kernel that reads them: a name of the catalogue, SUITE:VERSION, or [NAME=]PATH.",
        HelpName = "KERNEL",
        Required = true,
    };
    private static readonly Option<string?> Backend = new("--backend")
    {
        Description = "The backend that reads them, where several have such stores: pstore-blk or mtd-pstore.",
        HelpName = "NAME",
    };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints results as JSON lines instead of a list.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "replay",
            CommandGroup.Stores,
            "boots a kernel over stores, and shows what it reads",
            ["replay dump-of-my-board.bin --kernel debian-7.2"],
            "What the kernel shows is compared with what `pstorelab decode` predicts."
        )
        {
            Names,
            Kernel,
            Backend,
            StoreParameters.Parameter,
            Json,
        };
        var guests = new GuestOptions(command);
        command.SetAction((parsed, cancellation) => ReplayAsync(parsed, guests, cancellation));
        return command;
    }

    private static async Task<int> ReplayAsync(ParseResult parsed, GuestOptions guests, CancellationToken cancellation)
    {
        using var view = guests.View(parsed, parsed.GetValue(Json));
        var stores = StoresOf(parsed);
        var chosen = await ChosenKernels.ReadAsync([parsed.GetRequiredValue(Kernel)], view, cancellation);
        string kernel = chosen.Kernels is [var one]
            ? one.Name
            : throw new UsageException($"--kernel {parsed.GetRequiredValue(Kernel)}: one kernel reads the stores");
        using var given = new GivenStores();
        var cases = new Dictionary<string, (ReplayedStore Store, Case Case)>();
        foreach (var store in stores)
        {
            var @case = ReplayCase.Of(cases.Count + 1, store, given.Keep(store), kernel, parsed.GetValue(Backend));
            cases[@case.Scenario] = (store, @case);
        }

        bool json = parsed.GetValue(Json);
        long start = Stopwatch.GetTimestamp();
        var all = guests.Repeated(parsed, [.. cases.Values.Select(one => one.Case)]);
        var run = await RecordedRun.RunAsync(
            chosen.Lab,
            all,
            guests,
            parsed,
            view,
            result =>
            {
                if (json)
                    Terminal.Json(EvidenceJson.Line(result));
            },
            cancellation,
            (accelerator, folder, take) =>
                new Replay(
                    chosen.Lab.Runner,
                    chosen.Lab.Images,
                    chosen.Lab.Initramfs,
                    accelerator,
                    folder,
                    TimeProvider.System,
                    view
                ).ReadAsync(
                    [.. all.Select(@case => (@case, cases[@case.Scenario].Store))],
                    guests.Guests(parsed),
                    take,
                    cancellation
                )
        );
        view.End();
        if (!json)
            ReplayView.Print(
                Terminal.Out,
                run.Folder,
                [.. run.Results.Select(result => (cases[NumberOf(result.Case)].Store, result))],
                Stopwatch.GetElapsedTime(start).TotalSeconds
            );
        await run.ReportAsync();
        return cancellation.IsCancellationRequested
            ? ExitCode.Interrupted
            : ExitCode.Of([.. run.Results.Select(result => result.Verdict)]);
    }

    // A repetition is of the same store.
    private static string NumberOf(string id) => id.Split('/')[1];

    private static List<ReplayedStore> StoresOf(ParseResult parsed)
    {
        string? backend = parsed.GetValue(Backend);
        if (backend is not null && BackendCatalogue.All.All(known => known.Name != backend))
            throw new UsageException(
                $"--backend '{backend}': there is none of that name; `pstorelab list --backends` has them"
            );
        var options = StoreParameters.Of(parsed);
        var stores = new List<ReplayedStore>();
        foreach (string name in parsed.GetRequiredValue(Names))
        {
            string[] files = Directory.Exists(name)
                ? [.. Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
                : [name];
            int before = stores.Count;
            foreach (string file in files)
                stores.AddRange(StoresIn(file, options));
            if (stores.Count == before)
                throw new UsageException($"{name}: no store that is known here; `pstorelab decode` says more");
        }

        return stores;
    }

    private static IEnumerable<ReplayedStore> StoresIn(string name, StoreOptions options)
    {
        try
        {
            using var file = StoreFile.Open(name, 0);
            return
            [
                .. StoreSearch
                    .Find(file, kind: null, options, here: false)
                    .Select(found => new ReplayedStore(
                        found.Searched ? $"{name} at 0x{found.Offset:x}" : name,
                        Bytes(name, found.Offset, found.Store.Length),
                        found.Store
                    )),
            ];
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"{name}: {fault.Message}", fault);
        }
    }

    private static byte[] Bytes(string name, long offset, long length)
    {
        using var file = StoreFile.Open(name, offset);
        return file.Reading(() => file.Read(length));
    }
}
