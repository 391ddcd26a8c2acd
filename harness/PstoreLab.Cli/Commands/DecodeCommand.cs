using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Faults;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab decode FILE…</c>: reads the records out of a store, or out of files of their own, without a kernel.
/// </summary>
internal static partial class DecodeCommand
{
    private static readonly string[] Kinds =
    [
        .. StoreFormats.All.OrderBy(format => format.Kind).Select(format => format.Name),
    ];
    private static readonly Argument<string[]> Names = new("FILE")
    {
        Description =
            "A ramoops area, a dump of memory with any number of them, the file of an acpi-erst device, EFI variables "
            + "(OVMF, an image of flash, qcow2, JSON), or a pstore_blk device; perhaps gzipped. Or record files, such "
            + "as dmesg-ramoops-0.enc.z, and files of efivarfs. Or what holds any of these: directories, tar, zip, and "
            + "the journal (-o export, -o json). Any number of all.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<string?> Kind = new("--kind")
    {
        Description =
            "What it is, where it is not recognised by its content: "
            + $"{string.Join(", ", Kinds[..^1])} or {Kinds[^1]}.",
    };
    private static readonly Option<string?> Offset = new("--offset")
    {
        Description =
            "Where in the file the store begins, in bytes, such as 0x100000. Without it a file that is no "
            + "store is searched for ramoops areas and EFI variables.",
        HelpName = "N",
    };
    private static readonly Option<int?> Cpus = new("--cpus")
    {
        Description = "How many CPUs the writer had; ftrace has a zone for each.",
    };
    private static readonly Option<string?> Kernel = new("--kernel")
    {
        Description = "The version of the kernel that wrote it, such as 6.1.",
    };
    private static readonly Option<string?> Endian = new("--endian")
    {
        Description = "The byte order of the machine that wrote a ramoops area: big or little.",
    };
    private static readonly Option<string?> Tree = new("--dtb")
    {
        Description =
            "The device tree of the board that wrote a ramoops area: a .dtb, a .dts, or a copy of /proc/device-tree. "
            + "Its ramoops node says how the area is divided.",
        HelpName = "FILE",
    };
    private static readonly Option<string?> Line = new("--cmdline")
    {
        Description = "The command line of the kernel that wrote a ramoops area, with its ramoops.… parameters.",
        HelpName = "LINE",
    };
    private static readonly Option<string?> Record = new("--record")
    {
        Description = "Prints this record and nothing else, decompressed: its file name or its place.",
    };
    private static readonly Option<bool> Deleted = new("--deleted")
    {
        Description = "Also prints the text of records that were erased or that a kernel passes over.",
    };
    private static readonly Option<bool> Fields = new("--fields")
    {
        Description = "Also prints everything else that the store says of each record.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "All of it as one JSON object." };
    private static readonly Option<bool> Payload = new("--payload")
    {
        Description = "With --json: each record's bytes as stored, in hexadecimal.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "decode",
            CommandGroup.Stores,
            "reads what a dead machine left, damaged or erased too",
            ["decode dmesg-ramoops-0.enc.z", "decode erst.bin --deleted", "decode memory.bin --json"],
            "Takes stores, record files, and what holds any of these. Ends with 0 when all of it can be "
                + "read, 1 when something is damaged, 2 when there is nothing to read."
        )
        {
            Names,
            Kind,
            Offset,
            StoreParameters.Parameter,
            Tree,
            Line,
            Cpus,
            Kernel,
            Endian,
            Record,
            Deleted,
            Fields,
            Json,
            Payload,
        };
        command.SetAction(DecodeAsync);
        return command;
    }

    private static async Task<int> DecodeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] names = parsed.GetRequiredValue(Names);
        var options = await OptionsAsync(parsed, cancellation);
        StoreKind? kind = parsed.GetValue(Kind) is { } word ? KindOf(word) : null;
        long? offset = OffsetOf(parsed.GetValue(Offset));
        // Who says how to read a store has one.
        bool isStore =
            kind is not null || offset is not null || options.Parameters.Count > 0 || options.Endian is not null;
        if (!isStore)
            return Print(parsed, InputReader.Read(names, options));
        if (names is not [var name] || Directory.Exists(name))
            throw new UsageException(
                "--kind, --offset, --parameter, --dtb, --cmdline and --endian are of a store, which is one file; give "
                    + "that alone"
            );
        using var file = StoreFile.Open(name, offset ?? 0);
        var stores = Find(file, kind, options, here: offset is not null);
        if (stores.Count == 0)
            throw new UsageException(
                $"{name}: {(file.Length == 0 ? "an empty file" : InputReader.NoStore(file, kind))}"
            );
        var findings = new Findings();
        findings.Add(SearchedFile.Of(file, stores));
        return Print(parsed, findings);
    }

    private static IReadOnlyList<FoundStore> Find(StoreFile file, StoreKind? kind, StoreOptions options, bool here)
    {
        try
        {
            return StoreSearch.Find(file, kind, options, here);
        }
        catch (RecordFormatException fault)
        {
            throw new UsageException($"{file.Name}: {fault.Message}", fault);
        }
    }

    private static int Print(ParseResult parsed, Findings findings)
    {
        if (findings.Stores.Count == 0 && !findings.Records.Any(record => record.IsReadable))
        {
            var first = findings.Records[0];
            string others =
                findings.Records.Count > 1
                    ? $", and nothing of the other {findings.Records.Count - 1} files can be read either"
                    : "";
            throw new UsageException($"{first.Path}: {first.Decompressed.Fault ?? "an empty file"}{others}");
        }
        if (parsed.GetValue(Record) is { } wanted)
            return RawRecord.Print(findings, wanted) ? ExitCode.Passed : ExitCode.Failed;
        if (parsed.GetValue(Json))
            Terminal.Json(FindingsJson.Of(findings, parsed.GetValue(Payload)));
        else
            FindingsView.Print(
                Terminal.Out,
                Terminal.Text,
                findings,
                parsed.GetValue(Deleted),
                parsed.GetValue(Fields)
            );
        return FindingsDamage.IsIn(findings) ? ExitCode.Failed : ExitCode.Passed;
    }

    // As the kernel reads numbers, and a person writes them.
    private static long? OffsetOf(string? word)
    {
        if (word is null)
            return null;
        bool hexadecimal = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return
            long.TryParse(
                hexadecimal ? word.AsSpan(2) : word,
                hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long offset
            )
            && offset >= 0
            ? offset
            : throw new UsageException($"--offset '{word}'; expected a number of bytes, such as 1048576 or 0x100000");
    }

    private static async Task<StoreOptions> OptionsAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Version? kernel = null;
        if (
            parsed.GetValue(Kernel) is { } version
            && (
                !VersionPattern().IsMatch(version)
                || !Version.TryParse(VersionPattern().Match(version).Value, out kernel)
            )
        )
            throw new UsageException($"--kernel '{version}'; expected a version, such as 6.1");
        int? cpus = parsed.GetValue(Cpus);
        if (cpus is < 1)
            throw new UsageException($"--cpus {cpus}; expected 1 or more");
        var given = StoreParameters.Of(parsed);
        var board = await BoardAsync(parsed, cpus, cancellation);
        return given with
        {
            // What a person says beats what the board's source says.
            Parameters = board
                .Parameters.Concat(given.Parameters)
                .GroupBy(parameter => parameter.Key)
                .ToDictionary(same => same.Key, same => same.Last().Value),
            Cpus = cpus ?? board.Cpus,
            Kernel = kernel,
            Endian = EndianOf(parsed),
        };
    }

    private static async Task<StoreOptions> BoardAsync(ParseResult parsed, int? cpus, CancellationToken cancellation)
    {
        string? tree = parsed.GetValue(Tree);
        string? line = parsed.GetValue(Line);
        if (tree is not null && line is not null)
            throw new UsageException("--dtb and --cmdline both say how the area is divided; give one");
        return tree is not null ? await BoardSource.TreeAsync(tree, cpus, cancellation)
            : line is not null ? BoardSource.CommandLine(line)
            : StoreOptions.None;
    }

    private static Endianness? EndianOf(ParseResult parsed) =>
        parsed.GetValue(Endian) switch
        {
            null => null,
            "big" => Endianness.Big,
            "little" => Endianness.Little,
            var word => throw new UsageException($"--endian '{word}'; expected big or little"),
        };

    private static StoreKind KindOf(string word) =>
        StoreFormats.All.FirstOrDefault(format => format.Name == word)?.Kind
        ?? throw new UsageException($"--kind '{word}'; expected one of {string.Join(", ", Kinds)}");

    [GeneratedRegex(@"^[0-9]{1,3}\.[0-9]{1,5}(?![0-9])")]
    private static partial Regex VersionPattern();
}
