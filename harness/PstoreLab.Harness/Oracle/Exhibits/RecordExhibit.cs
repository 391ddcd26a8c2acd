namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>A record beside the console of the kernel that died, as the oracle compares them.</summary>
/// <param name="Record">Its file names, or what there is in place of it.</param>
/// <param name="Place">Where it was found: <c>pstorefs</c>, <c>store</c>, or <c>none</c>.</param>
/// <param name="Reason">The kernel's word in its header; null where there is none.</param>
/// <param name="Crash">The crash of the case that it is of, from 1.</param>
/// <param name="Writer">The boot that wrote it.</param>
/// <param name="Reader">The boot that shows it.</param>
/// <param name="Console">The console's file, relative to the case folder.</param>
/// <param name="Faults">What the oracle finds wrong with it, each as a sentence.</param>
/// <param name="Doubts">What the oracle cannot tell, each as a sentence.</param>
/// <param name="Before">Lines of the console in front of the record's first.</param>
/// <param name="Lines">Both, side by side, from there on.</param>
public sealed record RecordExhibit(
    string Record,
    string Place,
    string? Reason,
    int Crash,
    int Writer,
    int Reader,
    string Console,
    IReadOnlyList<string> Faults,
    IReadOnlyList<string> Doubts,
    int Before,
    IReadOnlyList<AlignedLine> Lines
);
