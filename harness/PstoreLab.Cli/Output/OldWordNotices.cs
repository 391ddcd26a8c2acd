using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>Reports the words of scenarios that have another name now: one line for each place.</summary>
internal static class OldWordNotices
{
    public static void Print(ScenarioLoader scenarios)
    {
        foreach (var word in scenarios.OldWords)
            Terminal.Err.MarkupLineInterpolated($"{word}");
    }
}
