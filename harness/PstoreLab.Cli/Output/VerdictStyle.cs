using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Output;

/// <summary>How a verdict looks.</summary>
internal static class VerdictStyle
{
    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>Spectre markup, padded to one width.</summary>
    public static string Mark(Verdict verdict) => $"[{Colour(verdict)}]{Word(verdict).PadRight(11)}[/]";

    public static string Colour(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "green",
            Verdict.Known => "yellow",
            Verdict.Unsupported => "grey",
            _ => "red",
        };
}
