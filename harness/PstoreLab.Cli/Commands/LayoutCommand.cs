using System.CommandLine;
using System.Text.RegularExpressions;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab layout WRITER READER</c>: how two kernels divide a ramoops area, and what the second shows of what the
/// first left.
/// </summary>
internal static partial class LayoutCommand
{
    private const string Forms =
        "a device tree (.dtb, .dts, a copy of /proc/device-tree) or, in quotes, a kernel's command line; perhaps with "
        + "the kernel's version before it: \"6.1 ramoops.mem_size=0x100000 ramoops.record_size=0x20000\", "
        + "\"5.15 board.dtb\"";

    private static readonly Argument<string> Writer = new("WRITER") { Description = $"Who left the area: {Forms}." };
    private static readonly Argument<string> Reader = new("READER")
    {
        Description = "Who reads it; of the same forms.",
    };
    private static readonly Option<int?> Cpus = new("--cpus")
    {
        Description = "Possible CPUs of both; ftrace may have a zone for each.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "All of it as one JSON object." };

    public static Command Create()
    {
        var command = new LabCommand(
            "layout",
            CommandGroup.Stores,
            "shows what one kernel reads of what another left",
            ["layout vendor.dtb mainline.dtb"],
            "Divides a ramoops area as the one and as the other kernel does. Ends with 0 when the "
                + "second shows all that the first left, with 1 when not."
        )
        {
            Writer,
            Reader,
            Cpus,
            Json,
        };
        command.SetAction(CompareAsync);
        return command;
    }

    private static async Task<int> CompareAsync(ParseResult parsed, CancellationToken cancellation)
    {
        int? cpus = parsed.GetValue(Cpus);
        if (cpus is < 1)
            throw new UsageException($"--cpus {cpus}; expected 1 or more");
        string writer = parsed.GetRequiredValue(Writer);
        string reader = parsed.GetRequiredValue(Reader);
        var from = await OptionsAsync(writer, cpus, cancellation);
        var to = await OptionsAsync(reader, cpus, cancellation);
        LayoutComparison comparison;
        try
        {
            comparison = LayoutComparison.Of(from, to);
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"'{writer}' and '{reader}': {fault.Message}", fault);
        }
        if (parsed.GetValue(Json))
            Terminal.Json(LayoutView.Json(comparison));
        else
            LayoutView.Print(Terminal.Out, comparison);
        return comparison.ShowsAll ? ExitCode.Passed : ExitCode.Failed;
    }

    private static async Task<StoreOptions> OptionsAsync(string what, int? cpus, CancellationToken cancellation)
    {
        if (what.Length == 0)
            throw new UsageException($"'' says nothing of an area; expected {Forms}");
        var version = VersionPattern().Match(what);
        string source = what[version.Length..];
        bool isLine = source.Contains('=', StringComparison.Ordinal) && !Path.Exists(source);
        var options = isLine
            ? BoardSource.CommandLine(source) with
            {
                Cpus = cpus,
            }
            : await BoardSource.TreeAsync(source, cpus, cancellation);
        return options with { Kernel = version.Success ? Version.Parse(version.Groups[1].Value) : null };
    }

    [GeneratedRegex(@"^([0-9]{1,3}\.[0-9]{1,5})(?![0-9])\S*\s")]
    private static partial Regex VersionPattern();
}
