using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Judges all that a crash left in which the power was cut: whole, shown as broken, or absent, and never a wrong text
/// that passes for a good one.
/// </summary>
internal sealed class PowerCutRemains(AttemptEvidence evidence)
{
    /// <summary>One finding for each record that is left, or one that says that there is none.</summary>
    /// <param name="unclaimed">What nobody has asked for yet; what is left of this crash is taken out of it.</param>
    public IEnumerable<Finding> Findings(ExpectedRecord expected, List<FoundRecord> unclaimed, RecordPlace place)
    {
        var crash = evidence.Crashes[expected.Crash];
        // The part that is written first, with the last lines, may have no marker line in it; what the console ends
        // with it is all the same.
        var remains = unclaimed.FindAll(record =>
            record.Type == expected.Type
            && (IsShownAsBroken(record) || record.IsOf(crash.Nonce) || Difference(record).Faults.Count == 0)
        );
        if (remains.Count == 0)
            yield return new Finding(
                true,
                place.Layer,
                $"absent: nothing of crash {expected.Crash}{place.InWords}",
                expected.Source.ToString()
            );
        foreach (var record in remains)
        {
            unclaimed.Remove(record);
            bool broken = IsShownAsBroken(record);
            var difference = broken ? ContentDifference.None : Difference(record);
            string name = $"{record.Names}{place.InWords}";
            string text =
                broken ? $"broken, and shown as that: {name}"
                : difference.Faults.Count > 0
                    ? $"{name} of crash {expected.Crash}, in which the power was cut, passes for a good record: "
                        + string.Join("; ", difference.Faults)
                : difference.Doubts.Count > 0 ? $"{name} cannot be judged: {string.Join("; ", difference.Doubts)}"
                : $"whole: {name}: {record.Extent}";
            yield return new Finding(
                difference is { Faults.Count: 0, Doubts.Count: 0 },
                place.Layer,
                text,
                expected.Source.ToString()
            )
            {
                IsOurs = difference is { Faults.Count: 0, Doubts.Count: > 0 },
            };
        }

        ContentDifference Difference(FoundRecord record)
        {
            var console = ConsoleTail.Of(
                evidence.ConsoleOf(crash),
                crash.Nonce,
                crash.LastLineFor(record.Header?.Reason)
            );
            var lines = TailComparison.OfLines(console, record.Text);
            return lines with { Faults = [.. record.MissingParts.Select(part => part.ToString()), .. lines.Faults] };
        }
    }

    private static bool IsShownAsBroken(FoundRecord record) => record.StillCompressed.Count > 0 || record.Ecc.Lost > 0;
}
