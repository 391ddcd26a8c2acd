using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>Compares records, wherever they were found, with those expected there.</summary>
internal sealed class RecordJudge(AttemptEvidence evidence)
{
    private readonly Completeness _completeness = new(evidence);
    private readonly PowerCutRemains _remains = new(evidence);

    /// <summary>All records of one place against all that are expected there.</summary>
    /// <param name="expected">Exactly these.</param>
    /// <param name="files">What was found, by name.</param>
    public IEnumerable<Finding> Listing(
        IReadOnlyList<ExpectedRecord> expected,
        IReadOnlyDictionary<string, byte[]> files,
        RecordPlace place,
        Inspection inspection
    )
    {
        var unclaimed = FoundRecord.In(files, out var foreign).ToList();
        foreach (var record in expected)
        {
            if (record.Content == RecordContent.WholeOrBroken)
            {
                foreach (var finding in _remains.Findings(record, unclaimed, place))
                    yield return finding;
                continue;
            }

            // A panic's record may hold an oops before it with all its markers: the reason separates them where both
            // are there.
            var found = Claim(unclaimed, record, inspection.Boot.Number);
            yield return found is null
                ? Missing(record, unclaimed, files.Count, place, inspection.Boot.Number)
                : Content(found, record, place, inspection.Boot.Number);
        }

        if (unclaimed.RemoveAll(record => record.IsFiller) is > 0 and var fillers)
            yield return new Finding(
                true,
                place.Layer,
                $"{fillers} records that the store was filled with",
                inspection.Source
            );

        if (expected.Count == 0 && unclaimed.Count == 0)
            yield return Absence(place, inspection);
        foreach (var record in unclaimed)
            yield return new Finding(
                false,
                place.Layer,
                $"a record nobody expected{place.InWords}: {record.Names}{Origin(record)}",
                inspection.Source
            );
        foreach (string name in foreign)
            yield return new Finding(
                false,
                place.Layer,
                $"a file that is no record: {RecordText.ForDisplay(name)}",
                inspection.Source
            );
    }

    /// <summary>The record that fits best, taken out of the list; null for none.</summary>
    public FoundRecord? Claim(List<FoundRecord> unclaimed, ExpectedRecord expected, BootNumber boot)
    {
        var fitting = unclaimed.Where(record => Fits(record, expected, boot)).ToList();
        var found = fitting.Find(record => record.Header?.Reason == expected.Reason) ?? fitting.FirstOrDefault();
        if (found is not null)
            unclaimed.Remove(found);
        return found;
    }

    // What a record is: its type, its crash, its name. What it should hold is judged after it was found, so that a
    // damaged one is called that.
    private bool Fits(FoundRecord record, ExpectedRecord expected, BootNumber boot) =>
        record.Type == expected.Type
        && (
            expected.Name is null
            || record.Parts.All(part =>
                FileSystemName.MatchesSimpleExpression(expected.Name, part.Name.ToString(), ignoreCase: false)
            )
        )
        && (
            expected.Content switch
            {
                RecordContent.Any => true,
                // Of calls there is one record, and no line of ours in it; nor is there in what a processor says.
                _ when record.Type is RecordType.Ftrace or RecordType.Mce => true,
                RecordContent.Tail => record.IsOf(evidence.Crashes[expected.Crash].Nonce)
                    || _completeness.Losses(record, expected, boot).Faults.Count == 0,
                // A record that cannot be decompressed here may be of any crash.
                RecordContent.Compressed => record.Fault is not null
                    || record.IsOf(evidence.Crashes[expected.Crash].Nonce),
                _ => record.IsOf(evidence.Crashes[expected.Crash].Nonce),
            }
        );

    private Finding Missing(
        ExpectedRecord expected,
        IReadOnlyCollection<FoundRecord> left,
        int files,
        RecordPlace place,
        BootNumber boot
    )
    {
        string wanted =
            $"no {expected.Type} record of crash {expected.Crash} (nonce "
            + $"{evidence.Crashes[expected.Crash].Nonce}){(expected.Name is null ? "" : $" named {expected.Name}")}"
            + place.InWords;
        // A live record of another type has the nonce by right.
        var kept = evidence
            .Stores.FoundBy(boot)
            .Holding(evidence.Crashes[expected.Crash].Nonce)
            .Where(record => record.State != RecordState.Live || record.Name.Type == expected.Type)
            .ToList();
        if (kept.Count > 0)
            wanted += $", though the store holds it in {string.Join(", ", kept.Select(Stored))}";
        string there = (left.Count, files) switch
        {
            (0, 0) => $": {place.Name} is empty{WithoutBackend(evidence.Crashes[expected.Crash].Boot, boot)}",
            (0, _) => "; there is nothing but what else is expected",
            _ => $"; there is {string.Join(", ", left.Select(record => record.Names + Origin(record)))}",
        };
        return new Finding(false, kept.Count > 0 ? place.Layer : "store", wanted + there, expected.Source.ToString());
    }

    private static string Stored(StoredRecord record) =>
        $"{record.Place} ({EnumNames.Of(record.State)}{string.Concat(record.Faults.Select(fault => $": {fault}"))})";

    // An empty directory proves something only where a record could have been.
    private Finding Absence(RecordPlace place, Inspection inspection) =>
        place.Layer != "pstorefs"
            ? new Finding(true, place.Layer, $"no record{place.InWords}, as expected", inspection.Source)
        : evidence.Registered.At(inspection) is { } backend
            ? new Finding(true, "pstorefs", $"no record in {backend}, as expected", inspection.Source)
        : new Finding(
            false,
            "pstorefs",
            $"no record, but no backend was registered at boot {inspection.Boot.Number} either: this proves nothing",
            inspection.Source
        );

    /// <summary>Compares the content of a record with the expected one.</summary>
    /// <param name="placeFaults">What is wrong with where it was found.</param>
    public Finding Content(
        FoundRecord found,
        ExpectedRecord expected,
        RecordPlace place,
        BootNumber boot,
        params IEnumerable<string> placeFaults
    )
    {
        List<string> faults = [.. placeFaults];
        var header = found.Header;
        if (expected.Reason is not null && header?.Reason != expected.Reason)
            faults.Add($"its reason is {header?.Reason ?? "not readable"}, not {expected.Reason}");
        if (expected.Content != RecordContent.Any)
            faults.AddRange(found.MissingParts.Select(part => part.ToString()));
        if (expected.Content == RecordContent.Nonce && expected.Type != RecordType.Dmesg)
            faults.AddRange(
                TailComparison.LastMarkerFaults(
                    found.Text,
                    evidence.Crashes[expected.Crash].Nonce,
                    evidence.Crashes[expected.Crash].Markers
                )
            );
        faults.AddRange(ReadingFaults(found, expected, boot));
        faults.AddRange(EccFaults(found, expected));
        faults.AddRange(
            expected
                .Holds.Where(text => !found.Text.Contains(text, StringComparison.Ordinal))
                .Select(text => $"it does not contain \"{text}\"")
        );
        if (expected.Parts is { } parts && (found.Parts.Count < parts.Least || found.Parts.Count > parts.Most))
            faults.Add($"it has {found.Parts.Count} {(found.Parts.Count == 1 ? "part" : "parts")}, not {parts}");
        string layer = place.Layer;
        var losses = expected.Content is RecordContent.WholeTail or RecordContent.Tail
            ? _completeness.Losses(found, expected, boot)
            : ContentDifference.None;
        if (losses.Faults.Count > 0)
        {
            faults.AddRange(losses.Faults);
            (layer, string where) = _completeness.LayerOfLoss(expected, losses.Faults, boot);
            faults.Add(where);
        }

        string source = expected.Source.ToString();
        string name = $"{found.Names}{place.InWords}";
        return (faults.Count, losses.Doubts.Count) switch
        {
            (0, 0) => new Finding(true, layer, $"{name}: {AsExpected(found, expected, boot)}{Fixed(found)}", source),
            (0, _) => new Finding(
                false,
                layer,
                $"{name} of crash {expected.Crash} cannot be judged: {string.Join("; ", losses.Doubts)}",
                source
            )
            {
                IsOurs = true,
            },
            _ => new Finding(false, layer, $"{name} of crash {expected.Crash}: {string.Join("; ", faults)}", source)
            {
                Line = losses.Line,
            },
        };
    }

    private string AsExpected(FoundRecord found, ExpectedRecord expected, BootNumber boot) =>
        expected.Content switch
        {
            RecordContent.WholeTail => $"{found.Extent}, {_completeness.InFull(found, expected, boot)}",
            RecordContent.Tail => $"{found.Extent}, nothing missing up to the last line",
            RecordContent.Nonce => $"{found.Extent}, of the right crash",
            RecordContent.Compressed => Decompressed(found, expected, boot),
            _ => $"{found.Extent}, there",
        };

    /// <summary>Whether the kernel could read it, compared with whether it should have.</summary>
    private IEnumerable<string> ReadingFaults(FoundRecord found, ExpectedRecord expected, BootNumber boot)
    {
        if (expected.Content == RecordContent.Any)
            yield break;
        if (expected.Content != RecordContent.Compressed)
        {
            if (found.StillCompressed.Count > 0)
                yield return $"{found.StillCompressed.Count} of {found.Parts.Count} parts came back as .enc.z "
                    + $"({Decompressed(found, expected, boot)})";
            yield break;
        }

        if (!found.IsStillCompressed)
            yield return $"{found.Parts.Count - found.StillCompressed.Count} of {found.Parts.Count} parts came back "
                + "readable";
        else if (found.Fault is not null && !evidence.Plan.IsDamagedBefore(boot))
            yield return "it cannot be decompressed here either, although nothing damaged it on purpose: "
                + found.Fault;
    }

    /// <summary>The result of decompressing here a record that the kernel of that boot did not.</summary>
    private string Decompressed(FoundRecord found, ExpectedRecord expected, BootNumber boot)
    {
        if (found.Fault is not null)
            return $"{found.Text.Length} bytes, which cannot be decompressed here either: {found.Fault}";
        string methods = string.Join(" and ", found.StillCompressed.Select(part => part.Method.Name).Distinct());
        var losses =
            expected.Crash != CrashNumber.Last ? _completeness.Losses(found, expected, boot) : ContentDifference.None;
        return $"{methods}, which {ReleaseOf(boot)} did not decompress; decompressed here: {found.Extent}, "
            + (
                losses.Faults.Count > 0 ? $"not whole: {string.Join("; ", losses.Faults)}"
                : losses.Doubts.Count > 0 ? $"perhaps not whole: {string.Join("; ", losses.Doubts)}"
                : Completeness.Whole
            );
    }

    private string ReleaseOf(BootNumber boot) => evidence.ReleaseOf(boot) ?? "the kernel";

    private static IEnumerable<string> EccFaults(FoundRecord found, ExpectedRecord expected)
    {
        if (expected.Ecc is { } ecc)
        {
            if (found.Parts.Any(part => part.Ecc is null))
                yield return "the kernel says nothing of error correction";
            else if (found.Ecc != ecc)
                yield return $"error correction says that it {found.Ecc}, not that it {ecc}";
        }
        else if (expected.Content is not (RecordContent.Compressed or RecordContent.Any))
        {
            foreach (var part in found.Parts.Where(part => part.Ecc is { UnrecoverableBlocks: > 0 }))
                yield return $"{part.Name} has {part.Ecc!.UnrecoverableBlocks} blocks beyond repair";
        }
    }

    private static string Fixed(FoundRecord found) =>
        found.Ecc is { Corrected: > 0 } or { Lost: > 0 } ? $", error correction {found.Ecc}" : "";

    // Without a backend no record is written: the first thing to know about one that is missing.
    private string WithoutBackend(BootNumber writer, BootNumber reader)
    {
        BootNumber[] without =
        [
            .. evidence
                .Cycle.Boots.Where(boot =>
                    evidence.Registered.Of(boot.Number) is null && (boot.Number == writer || boot.Number == reader)
                )
                .Select(boot => boot.Number),
        ];
        return without.Length == 0 ? "" : $", and no backend was registered at boot {string.Join(" and ", without)}";
    }

    /// <summary>Whose a record is that nobody expected, in brackets.</summary>
    public string Origin(FoundRecord record)
    {
        if (record.Fault is { } fault)
            return $" (which cannot be decompressed here either: {fault})";
        var crash = evidence.Crashes.FirstOrDefault(crash => record.IsOf(crash.Value.Nonce));
        return crash.Value is null ? " (with no nonce of this case)" : $" (of crash {crash.Key})";
    }
}
