using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Scenarios;

/// <summary>What must be true of the guest that runs now.</summary>
/// <param name="Records">Exactly these records, in any order, and no other; empty for none; null when records are not
/// judged here.</param>
/// <param name="Console">Texts that the console of this boot must contain.</param>
/// <param name="ConsoleWithout">Texts that it must not hold.</param>
public sealed record Expectation(
    SourceLocation Source,
    IReadOnlyList<ExpectedRecord>? Records,
    IReadOnlyList<string> Console,
    IReadOnlyList<string> ConsoleWithout
)
{
    /// <summary>
    /// Exactly these crashes in the archive of the systemd guest, and no other; empty for none; null when the archive
    /// is not judged here.
    /// </summary>
    public IReadOnlyList<ExpectedArchive>? Archive { get; init; }

    /// <summary>
    /// Exactly these records in what systemd-pstore wrote into the journal of this boot; empty for none; null when that
    /// is not judged here.
    /// </summary>
    public IReadOnlyList<ExpectedRecord>? Journal { get; init; }

    /// <summary>What became of systemd-pstore.service at this boot; null when that is not judged here.</summary>
    public ArchiverOutcome? Archiver { get; init; }

    /// <summary>
    /// What a capture kernel (crash kernel) must have found after the last crash; null when that is not judged here.
    /// </summary>
    public ExpectedVmcore? Vmcore { get; init; }

    /// <summary>
    /// Globs of which one must match the name that a backend is registered under; empty for no backend; null when that
    /// is not judged here.
    /// </summary>
    public IReadOnlyList<string>? Registered { get; init; }

    /// <summary>
    /// A text of what the kernel prints, or its agent says, when it fails before all else can be looked at; null where
    /// it must not fail.
    /// </summary>
    public string? FailsWith { get; init; }

    /// <summary>
    /// Texts of reports with pstore or a backend in them that the kernels of the case must print, at any boot. Every
    /// other such report is one too many. None in a plan from before there were any.
    /// </summary>
    public IReadOnlyList<string> Reports
    {
        get => field ?? [];
        init;
    }

    /// <summary>Whether it speaks of what only a systemd guest has.</summary>
    public bool NeedsSystemd => Archive is not null || Journal is not null || Archiver is not null;
}

/// <summary>One crash in the archive.</summary>
/// <param name="Type">As of <see cref="ExpectedRecord"/>.</param>
/// <param name="Reason">As of <see cref="ExpectedRecord"/>.</param>
/// <param name="Crash">As of <see cref="ExpectedRecord"/>.</param>
/// <param name="Path">Glob that the path of the file with its text must match, relative to the archive; null for
/// any.</param>
public sealed record ExpectedArchive(
    SourceLocation Source,
    string Type,
    string? Reason,
    CrashNumber Crash,
    ArchiveForm Form,
    string? Path,
    RecordContent Content
);

/// <summary>How an archive keeps a crash.</summary>
public enum ArchiveForm
{
    /// <summary>
    /// Whole, in one file that has nothing else in it: reassembled, or the record's own file where there is but one
    /// part.
    /// </summary>
    Whole,

    /// <summary>Whole, in a <c>dmesg.txt</c> of its own.</summary>
    Reassembled,

    /// <summary>
    /// Only as its record files, all of them, of more than one part or not; no <c>dmesg.txt</c> has it.
    /// </summary>
    Files,

    /// <summary>In several <c>dmesg.txt</c>, of which none has all.</summary>
    Split,

    /// <summary>In a <c>dmesg.txt</c> with another crash.</summary>
    Merged,

    /// <summary>More than once in one <c>dmesg.txt</c>.</summary>
    Repeated,
}

/// <summary>What became of systemd-pstore.service at a boot.</summary>
public enum ArchiverOutcome
{
    /// <summary>It ran and ended well.</summary>
    Ran,

    /// <summary>It was not run, because a condition of its unit was not met.</summary>
    Skipped,

    /// <summary>It ran and failed.</summary>
    Failed,
}

/// <summary>What must have become of the memory of a kernel that died.</summary>
/// <param name="Crash">Its crash.</param>
public sealed record ExpectedVmcore(VmcoreOutcome Outcome, CrashNumber Crash);

/// <summary>What became of the memory of a kernel that died.</summary>
public enum VmcoreOutcome
{
    /// <summary>
    /// A capture kernel (crash kernel) found it as <c>/proc/vmcore</c>, with the marker lines of the crash in its
    /// kernel log.
    /// </summary>
    Dumped,

    /// <summary>No capture kernel booted, or it did not get as far as looking at it.</summary>
    None,
}

/// <summary>One record: all parts that one dump of the kernel log left.</summary>
/// <param name="Type"><c>dmesg</c>, <c>console</c>, <c>pmsg</c>, <c>ftrace</c> or <c>mce</c>.</param>
/// <param name="Reason">The kernel's word in the header, such as <c>Panic</c>; null for any.</param>
/// <param name="Crash">Which crash of the case, from 1, it must come from.</param>
/// <param name="Name">Glob that every file name of the record must match; null for any.</param>
/// <param name="Ecc">What error correction must say; null where it is not asked.</param>
public sealed record ExpectedRecord(
    SourceLocation Source,
    string Type,
    string? Reason,
    CrashNumber Crash,
    string? Name,
    RecordContent Content,
    EccExpectation? Ecc
)
{
    /// <summary>Texts that must be in it.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    /// <summary>Of how many parts it may be; null for any number.</summary>
    public PartCount? Parts { get; init; }
}

/// <summary>A number of parts that a dump may have.</summary>
public sealed record PartCount(int Least, int Most)
{
    public override string ToString() => Least == Most ? $"{Least}" : $"{Least}..{Most}";
}

/// <summary>How much of a record is compared with the console.</summary>
public enum RecordContent
{
    /// <summary>
    /// The nonce of its crash is in it and its parts are contiguous; of a record that is no dump, also that the last
    /// marker lines are there and contiguous. Nothing more.
    /// </summary>
    Nonce,

    /// <summary>
    /// Every marker line once and in order, and the kernel's own lines equal to the tail of what the console showed, up
    /// to the last line that was printed before the record was written: nothing missing, repeated or altered.
    /// </summary>
    WholeTail,

    /// <summary>
    /// The kernel's own lines equal to the tail of what the console showed, as with <see cref="WholeTail"/>, but
    /// however short it is: the marker lines may be too old for it. A record without any is recognised by being that
    /// tail.
    /// </summary>
    Tail,

    /// <summary>
    /// Still compressed: every part is shown as <c>.enc.z</c>, which the reading kernel could not decompress.
    /// Decompressed here, it is as with <see cref="Nonce"/>; only one that was damaged on purpose need not decompress.
    /// </summary>
    [Formerly("unread")]
    Compressed,

    /// <summary>
    /// Of a crash that the power was cut in: the end of the console up to the last line, however much of it; or what
    /// the kernel itself shows as broken (<c>.enc.z</c>, blocks beyond repair); or nothing at all. Never a text that is
    /// wrong.
    /// </summary>
    WholeOrBroken,

    /// <summary>Only that it is there, readable or not.</summary>
    Any,
}
