using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Tests.Oracle.Fuzzing;

/// <summary>What is said of a case folder that was changed.</summary>
/// <param name="Touched">Whether the change is in what the verdict rests on.</param>
/// <param name="Written">The folder as the judge has left it, where that is not as it found it.</param>
internal sealed record Mutant(EvidenceMutation Mutation, bool Touched, Judgement After, string? Written);
