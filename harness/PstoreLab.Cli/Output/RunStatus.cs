using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Host;

namespace PstoreLab.Cli.Output;

/// <summary>What stands below the results while a run goes on: the cases that run, and how far it is.</summary>
/// <param name="Running">Those that run, the oldest first: name, state and boot in words, seconds.</param>
/// <param name="LastLine">The last line on the console of the newest; null for none.</param>
/// <param name="Counts">How many have each verdict.</param>
/// <param name="Left">How long the rest takes; null where that is not known.</param>
internal sealed record RunStatus(
    IReadOnlyList<(string Case, string State, TimeSpan Age)> Running,
    string? LastLine,
    IReadOnlyDictionary<Verdict, int> Counts,
    int Total,
    TimeSpan? Left
)
{
    private const int MostCases = 8;

    /// <summary>Lines that fit a width, none of them with anything that a terminal obeys.</summary>
    /// <param name="width">In characters, at least 20.</param>
    public IEnumerable<string> Lines(int width)
    {
        int states = Running.Select(one => one.State.Length).DefaultIfEmpty().Max();
        foreach (var (name, state, age) in Running.Take(MostCases))
        {
            string end = $"  {state.PadRight(states)} {$"{age.TotalSeconds:0}".PadLeft(4)} s";
            int room = Math.Max(0, width - 2 - end.Length);
            yield return Cut($"  {Shortened(name, room).PadRight(room)}{end}", width);
        }

        if (Running.Count > MostCases)
            yield return $"  and {Running.Count - MostCases} more";
        if (LastLine is not null)
            yield return Cut($"  > {VisibleText.OneLine(LastLine)}", width);
        string left = Left is { } time ? $", about {EstimateWords.About(time)} left" : "";
        string counts = string.Join(", ", Counts.Select(pair => $"{pair.Value} {VerdictStyle.Word(pair.Key)}"));
        yield return Cut($"{Counts.Values.Sum()} of {Total}{(counts.Length > 0 ? $": {counts}" : "")}{left}", width);
    }

    // The end of a case's name tells it from its neighbours.
    private static string Shortened(string name, int width) =>
        name.Length <= width ? name
        : width <= 1 ? ""
        : $"…{name[^(width - 1)..]}";

    private static string Cut(string line, int width) => line.Length <= width ? line : $"{line[..(width - 1)]}…";
}
