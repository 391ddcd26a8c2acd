namespace PstoreLab.Harness.Scenarios;

/// <summary>What must be true of the guest that runs now.</summary>
/// <param name="Records">Exactly these records, in any order, and no other; empty for none; null when records are not judged here.</param>
/// <param name="Console">Texts that the console of this boot must hold.</param>
/// <param name="ConsoleWithout">Texts that it must not hold.</param>
public sealed record Expectation(
    SourceLocation Source,
    IReadOnlyList<RecordExpectation>? Records,
    IReadOnlyList<string> Console,
    IReadOnlyList<string> ConsoleWithout);

/// <summary>One record: all parts that one dump of the kernel log left.</summary>
/// <param name="Type"><c>dmesg</c>, <c>console</c>, <c>pmsg</c>, <c>ftrace</c> or <c>mce</c>.</param>
/// <param name="Reason">The kernel's word in the header, such as <c>Panic</c>; null for any.</param>
/// <param name="Crash">Which crash of the case, from 1, it must come from; null for the last one before.</param>
/// <param name="Name">Glob that every file name of the record must match; null for any.</param>
/// <param name="Ecc">What error correction must say; null where it is not asked.</param>
public sealed record RecordExpectation(
    SourceLocation Source, string Type, string? Reason, int? Crash, string? Name, RecordContent Content, EccExpectation? Ecc);

/// <summary>How much of a record is held against the console.</summary>
public enum RecordContent
{
    /// <summary>
    /// The nonce of its crash is in it and its parts are contiguous; of a record that is no dump, also that the newest marker lines are there without a
    /// gap. Nothing more.
    /// </summary>
    Nonce,

    /// <summary>
    /// Every marker line once and in order, and the kernel's own lines equal to the tail of what the console showed, up to the newest line
    /// that was printed before the record was written: no gap, no repeat, nothing altered.
    /// </summary>
    WholeTail,

    /// <summary>
    /// Shown only as it is compressed: every part as <c>.enc.z</c>, which the kernel that looks could not undo. With that undone here, it is as
    /// with <see cref="Nonce"/>; only one that was damaged on purpose need not come out.
    /// </summary>
    Unread,

    /// <summary>Only that it is there, readable or not.</summary>
    Any,
}
