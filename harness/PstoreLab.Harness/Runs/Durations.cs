using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Harness.Runs;

/// <summary>
/// How long each case took when it last ended, in seconds: the longest are begun first, so that none is left for the
/// end.
/// </summary>
public sealed partial class Durations
{
    // Below that share of known cases it would be a guess.
    private const double KnownShare = 0.5;

    private readonly string _path;
    private readonly Dictionary<string, double> _seconds;

    private Durations(string path, Dictionary<string, double> seconds)
    {
        _path = path;
        _seconds = seconds;
    }

    /// <summary>
    /// Reads what is known; a file that cannot be read is as good as none, for it only orders the work.
    /// </summary>
    public static Durations Load(string path)
    {
        try
        {
            var read = EvidenceJson.Read<Dictionary<string, double>>(path) ?? [];
            return new Durations(path, read.Where(one => one.Key == Key(one.Key)).ToDictionary());
        }
        catch (System.Text.Json.JsonException)
        {
            return new Durations(path, []);
        }
    }

    /// <summary>
    /// Seconds the case took; for an unknown one more than for any known, so that it goes first and becomes known.
    /// </summary>
    public double Of(string caseId) => _seconds.GetValueOrDefault(Key(caseId), double.MaxValue);

    /// <summary>Seconds the case took; null where that is not known.</summary>
    public double? Known(string caseId) => _seconds.TryGetValue(Key(caseId), out double seconds) ? seconds : null;

    /// <summary>How long cases take side by side; null where too little is known.</summary>
    /// <param name="jobs">Guests at once.</param>
    public TimeSpan? Together(IReadOnlyCollection<string> caseIds, int jobs)
    {
        double[] known = [.. caseIds.Select(Known).OfType<double>()];
        if (known.Length == 0 || known.Length < KnownShare * caseIds.Count)
            return null;
        double all = known.Average() * caseIds.Count;
        // No run is shorter than its longest case.
        return TimeSpan.FromSeconds(Math.Max(all / jobs, known.Max()));
    }

    public async Task SaveAsync(IEnumerable<CaseResult> results, CancellationToken cancellation)
    {
        foreach (var result in results.Where(result => result.Attempts.Count > 0))
            _seconds[Key(result.Case)] = Math.Round(result.Attempts[^1].Seconds, 2);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await EvidenceJson.WriteAsync(_path, _seconds, cancellation);
        }
        catch (IOException)
        {
            // Nothing is lost but an order of work.
        }
    }

    // Every repetition of a case takes as long as the others.
    private static string Key(string caseId) => Repetition().Replace(caseId, "");

    [GeneratedRegex(@"\+\d+$")]
    private static partial Regex Repetition();
}
