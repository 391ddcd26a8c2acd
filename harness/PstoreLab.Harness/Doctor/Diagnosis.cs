namespace PstoreLab.Harness.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="Text">What was found, one line.</param>
/// <param name="Remedy">The command that fixes it; empty when there is nothing to fix, or no command for it.</param>
public sealed record Diagnosis(string Subject, Health Health, string Text, string Remedy)
{
    public static Diagnosis Good(string subject, string text) => new(subject, Health.Good, text, "");

    public static Diagnosis Warning(string subject, string text, string remedy = "") =>
        new(subject, Health.Warning, text, remedy);

    public static Diagnosis Missing(string subject, string text, string remedy = "") =>
        new(subject, Health.Missing, text, remedy);
}
