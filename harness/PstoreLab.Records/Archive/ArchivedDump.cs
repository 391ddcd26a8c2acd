namespace PstoreLab.Records.Archive;

/// <summary>How an archive has one dump.</summary>
/// <param name="Dump">As it should be put together.</param>
/// <param name="Files">The record files that are its parts, byte for byte, by their paths.</param>
/// <param name="Texts">The <c>dmesg.txt</c> that have something of it, by their paths.</param>
/// <param name="Findings">What is wrong with it; a dump may be split and merged at once.</param>
public sealed record ArchivedDump(
    Dump Dump,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Texts,
    IReadOnlyList<ArchiveFinding> Findings
)
{
    /// <summary>
    /// Whether one <c>dmesg.txt</c> is all of this dump and nothing else: its parts, the oldest first, byte for byte.
    /// </summary>
    public bool IsReassembled => Texts.Count == 1 && !Findings.Any(finding => AboutText.Contains(finding.Fault));

    /// <summary>
    /// Whether there is anything to be put together. A record that no kernel could undo is no text, and a dump of one
    /// part is whole in its own file.
    /// </summary>
    public bool NeedsReassembly => Dump.Parts.Count > 1;

    // What befell only the record files leaves the text as it should be.
    private static readonly ArchiveFault[] AboutText =
    [
        ArchiveFault.NotReassembled,
        ArchiveFault.Split,
        ArchiveFault.Merged,
        ArchiveFault.Interleaved,
        ArchiveFault.Repeated,
        ArchiveFault.OutOfOrder,
        ArchiveFault.Altered,
        ArchiveFault.Incomplete,
    ];
}
