using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Output;

/// <summary>How a verdict looks.</summary>
internal static class VerdictStyle
{
    /// <summary>Of the longest word.</summary>
    public const int Width = 11;

    public static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    /// <summary>Whether somebody must look at it.</summary>
    public static bool IsFailure(Verdict verdict) =>
        verdict is Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal;

    /// <summary>Spectre markup, padded to one width.</summary>
    public static string Mark(Verdict verdict) => $"[{Colour(verdict)}]{Word(verdict).PadRight(Width)}[/]";

    public static string Colour(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "green",
            Verdict.Known => "yellow",
            Verdict.Unsupported => "grey",
            _ => "red",
        };
}
