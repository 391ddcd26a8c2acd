namespace PstoreLab.Harness.Evidence;

/// <summary>A case that was judged again from its folder.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Folder">Where the evidence lies.</param>
/// <param name="Judgement">What the evidence says now.</param>
/// <param name="Before">The verdict that is kept beside the evidence; null for none.</param>
public sealed record JudgedCase(string Case, string Folder, Judgement Judgement, Verdict? Before);
