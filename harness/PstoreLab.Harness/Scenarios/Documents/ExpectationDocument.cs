using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios.Documents;

internal sealed record ExpectationDocument : Document
{
    [OrNone]
    [Description(
        "Exactly these records and no other, in any order; 'none' for none. Without it, records are not judged."
    )]
    public IReadOnlyList<RecordDocument>? Records { get; init; }

    [OrNone]
    [Description(
        "In a systemd guest: exactly these crashes in /var/lib/systemd/pstore and no other, in any order; "
            + "'none' for none."
    )]
    public IReadOnlyList<ArchivedDocument>? Archive { get; init; }

    [OrNone]
    [Description(
        "In a systemd guest: exactly these records in the journal of this boot, as systemd-pstore wrote "
            + "them there; 'none' for none."
    )]
    public IReadOnlyList<RecordDocument>? Journal { get; init; }

    [Description("In a systemd guest: what became of systemd-pstore.service at this boot.")]
    public ArchiverOutcome? Archiver { get; init; }

    [Description(
        "Whether a capture kernel (crash kernel) found the dump of the last crash, with its marker lines in it, "
            + "or no capture kernel looked at one."
    )]
    public VmcoreOutcome? Vmcore { get; init; }

    [OrNone]
    [Description(
        "The name that pstore's backend is registered under at this boot, or globs of which one must match "
            + "it; 'none' for no backend."
    )]
    public IReadOnlyList<Text>? Registered { get; init; }

    [Description(
        "Only in instead: of a known bug: the kernel fails (oops, hang, refusal) while it boots or is looked at, and "
            + "says this."
    )]
    public Text? FailsWith { get; init; }

    [Description("Texts that the console of this boot must contain.")]
    public IReadOnlyList<Text> Console { get; init; } = [];

    [Description("Texts that the console of this boot must not contain.")]
    public IReadOnlyList<Text> ConsoleWithout { get; init; } = [];

    [Description(
        "Texts of reports (WARN, UBSAN, KASAN, …) with pstore or a backend in them that the kernels of the case "
            + "print, at any boot: each must be there, and every other such report fails the case."
    )]
    public IReadOnlyList<Text> Reports { get; init; } = [];
}

internal sealed record RecordDocument : Document
{
    [RecordTypes]
    [Description("What kind of record it is.")]
    public required Text Type { get; init; }

    // Kernels before 5.8 said what kind of shutdown it was.
    [AllowedValues("Panic", "Oops", "Emergency", "Shutdown", "Restart", "Halt", "Poweroff", "Unknown")]
    [Description("The kernel's word in the header; any without it.")]
    public Text? Reason { get; init; }

    [Description(
        "Which crash or power cut of the case it comes from, from 1; 3..18 for a record of each of these; "
            + "without it, the last one before."
    )]
    public Text? Crash { get; init; }

    [Description("Glob that every file name of the record must match.")]
    public Text? Name { get; init; }

    [Description(
        "How much is compared with the console: everything, only the nonce of its crash, or nothing; "
            + "whole-tail without it."
    )]
    public RecordContent Content { get; init; } = RecordContent.WholeTail;

    [Description("Texts that the record must contain.")]
    public IReadOnlyList<Text> Holds { get; init; } = [];

    [Description("Of how many parts it is: a number, or a range such as 2..7; any without it.")]
    public Text? Parts { get; init; }

    [Description("What the kernel must say that error correction did (ramoops.ecc): corrected bytes, lost blocks.")]
    public EccDocument? Ecc { get; init; }
}

internal sealed record ArchivedDocument : Document
{
    [RecordTypes]
    [Description("What kind of record it is; dmesg without it.")]
    public Text? Type { get; init; }

    [AllowedValues("Panic", "Oops", "Emergency", "Shutdown", "Restart", "Halt", "Poweroff", "Unknown")]
    [Description("The kernel's word in the header; any without it.")]
    public Text? Reason { get; init; }

    [Range(1, 1000)]
    [Description("Which crash or power cut of the case it comes from, from 1; without it, the last one before.")]
    public int? Crash { get; init; }

    [Description("How it is kept: whole in one file of its own without it.")]
    public ArchiveForm Form { get; init; } = ArchiveForm.Whole;

    [Description("Glob that the path of the file with the whole text must match, relative to the archive.")]
    public Text? Path { get; init; }

    [Description(
        "How much is compared with the console: everything, only the nonce of its crash, or nothing; "
            + "whole-tail without it."
    )]
    public RecordContent Content { get; init; } = RecordContent.WholeTail;
}

[Shorthand(nameof(Corrected))]
internal sealed record EccDocument : Document
{
    [Range(0, int.MaxValue)]
    [Description("Damaged bytes that the kernel says it corrected.")]
    public int Corrected { get; init; }

    [Range(0, int.MaxValue)]
    [Description("Blocks that the kernel says it could not correct.")]
    public int Lost { get; init; }
}

internal sealed record KnownBugDocument : Document
{
    [Description("The bug's name in the catalogue.")]
    public required Text Bug { get; init; }

    [Description("Where it is: a value, a list, a glob or a version range for each dimension named.")]
    public required Table When { get; init; }

    [Description("What is there instead of what the scenario expects.")]
    public required ExpectationDocument Instead { get; init; }

    [AllowedValues("yes", "no")]
    [Description("Whether it shows by chance, so that a case that passes does not say that it is gone.")]
    public Text? ByChance { get; init; }
}
