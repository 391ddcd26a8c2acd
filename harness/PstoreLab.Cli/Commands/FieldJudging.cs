using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Cli.Stores;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Oracle;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab judge --console LOG --records DIR</c>: what a real machine's pstore brought back, compared with its
/// serial console.
/// </summary>
internal static class FieldJudging
{
    // A console of days.
    private const int LargestLog = 256 << 20;

    public static readonly Option<string?> Console = new("--console")
    {
        Description =
            "The log of a real machine's serial console, by any logger. Its records are judged instead of a run.",
        HelpName = "LOG",
    };
    public static readonly Option<string?> Records = new("--records")
    {
        Description =
            "With --console: its records, such as a copy of /sys/fs/pstore, or any archive that decode reads.",
        HelpName = "DIR",
    };
    public static readonly Option<string?> Store = new("--store")
    {
        Description = "With --console: the store itself. What it holds and no record shows is a failure.",
        HelpName = "FILE",
    };

    public static readonly Option<string?> Kernel = new("--kernel-version")
    {
        Description =
            "With --store: the version of the kernel that showed the records, such as 6.1. What it shows of no "
            + "such store is no failure.",
        HelpName = "V",
    };

    public static int Judge(ParseResult parsed, string console)
    {
        string? records = parsed.GetValue(Records);
        string? store = parsed.GetValue(Store);
        if (records is null && store is null)
            throw new UsageException("--console says what a machine printed; give --records or --store, too");
        var reader = VersionOf(parsed.GetValue(Kernel));
        var given = records is null ? null : InputReader.Read([records], StoreOptions.None);
        var image = store is null ? null : InputReader.Read([store], StoreOptions.None);
        var shown = given is null ? [] : PartsOf(given, reader);
        var stored = image is null ? [] : PartsOf(image, reader);
        var parts = records is null ? stored : shown;
        var findings = FieldJudge
            .Judge(LogOf(console), Reassembly.AssembleByName(parts.Select(part => part.Part)))
            .ToList();
        foreach (var part in parts.Where(part => part.Damage is not null))
            findings.Add(new(Verdict.Failed, part.Part.Name.ToString(), [$"it is damaged: {part.Damage}"]));
        if (records is not null)
            findings.AddRange(
                stored
                    .Where(one => shown.TrueForAll(other => other.Part.Text != one.Part.Text))
                    .Select(one => new FieldFinding(
                        Verdict.Failed,
                        one.Part.Name.ToString(),
                        ["the store holds it, and no record shows it"]
                    ))
            );
        // What could not be read may have held any record.
        findings.AddRange(
            new[] { given, image }
                .OfType<Findings>()
                .SelectMany(FaultsOf)
                .Select(fault => new FieldFinding(Verdict.Infra, "the evidence", [fault]))
        );
        if (findings.Count == 0)
            throw new UsageException(
                $"{records ?? store} has no dump, and {console} shows no panic: there is nothing to judge"
            );
        FieldFindingsView.Print(findings, parsed.GetValue(JudgeCommand.Json));
        return ExitCode.Of([.. findings.Select(finding => finding.Verdict)]);
    }

    private static IEnumerable<string> FaultsOf(Findings findings) =>
        findings
            .Unread.Where(file => file.IsDamaged)
            .Select(file => file.ToString())
            .Concat(
                findings.Stores.SelectMany(file =>
                    file.Stores.SelectMany(found => found.Store.Faults)
                        .Prepend(file.Fault)
                        .OfType<string>()
                        .Select(fault => $"{file.Name}: {fault}")
                )
            );

    private static Version? VersionOf(string? word) =>
        word is null ? null
        : Version.TryParse(word.Split('-')[0], out var version) ? version
        : throw new UsageException($"--kernel-version '{word}'; expected a version, such as 6.1");

    private static bool IsShownBy(Version? reader, DecodedStore store, StoredRecord record) =>
        reader is null
        || PstoreListing
            .Predict(store, reader)
            .Keys.Select(RecordName.Parse)
            .Any(name => name.Type == record.Name.Type && name.Id == record.Name.Id);

    private static List<(DumpPart Part, string? Damage)> PartsOf(Findings findings, Version? reader) =>
        [
            .. findings
                .Records.Select(RecordContent.Of)
                .Concat(
                    findings
                        .Stores.SelectMany(file => file.Stores)
                        .SelectMany(found =>
                            found.Store.Records.Where(record =>
                                record.State == RecordState.Live && IsShownBy(reader, found.Store, record)
                            )
                        )
                        .Select(RecordContent.Of)
                )
                .Where(record => record.Name.Type == RecordType.Dmesg)
                .Select(record =>
                    (
                        DumpPart.Parse(record.Name with { Compressed = false }, record.Unpacked.Bytes.Span),
                        record.Marks.Where
                    )
                ),
        ];

    private static string LogOf(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw new UsageException($"--console {path}: there is no such file");
            if (new FileInfo(path).Length > LargestLog)
                throw new UsageException(
                    $"--console {path} has {new FileInfo(path).Length} bytes; give the part with the boot in question, "
                        + $"of up to {LargestLog >> 20} MiB"
                );
            return RecordText.FromBytes(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--console {path} cannot be read: {fault.Message}", fault);
        }
    }
}
