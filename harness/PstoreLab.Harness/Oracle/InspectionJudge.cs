using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>Holds one inspection's evidence against what was expected there.</summary>
internal sealed class InspectionJudge(Plan plan, CaseFolder folder, IReadOnlyDictionary<int, ArmedCrash> crashes, CycleLog cycle, StoreEvidence stores)
{
    private const string Whole = "whole to the newest line";

    public IReadOnlyList<Finding> Judge(Inspect inspect) => [.. RecordFindings(inspect), .. ConsoleFindings(inspect)];

    private IEnumerable<Finding> RecordFindings(Inspect inspect)
    {
        if (inspect.Records is null)
            yield break;
        if (RecordSnapshot.Read(folder.Records(inspect.Number)) is not { } files)
        {
            yield return new Finding(false, "cycle", $"inspection {inspect.Number} was never made", inspect.Source);
            yield break;
        }

        var unclaimed = FoundRecord.In(files, out var foreign).ToList();
        foreach (var expected in inspect.Records)
        {
            // A panic's record may hold an oops before it with all its markers: the reason tells them apart where both are there.
            var fitting = unclaimed.Where(record => Fits(record, expected)).ToList();
            var found = fitting.Find(record => record.Header?.Reason == expected.Reason) ?? fitting.FirstOrDefault();
            if (found is not null)
                unclaimed.Remove(found);
            yield return found is null ? Missing(expected, unclaimed, files.Count, inspect.Boot) : Content(found, expected, inspect.Boot);
        }

        if (unclaimed.RemoveAll(record => record.IsFiller) is > 0 and var fillers)
            yield return new Finding(true, "pstore", $"{fillers} records that the store was filled with", inspect.Source);

        if (inspect.Records.Count == 0 && unclaimed.Count == 0)
            yield return Absence(inspect);
        foreach (var record in unclaimed)
            yield return new Finding(false, "pstore", $"a record nobody expected: {record.Names}{Origin(record)}", inspect.Source);
        foreach (string name in foreign)
            yield return new Finding(false, "pstore", $"a file that is no record: {RecordText.ForDisplay(name)}", inspect.Source);
    }

    // What a record is: its type, its crash, its name. What it should hold is judged after it was found, so that a damaged one is called that.
    private bool Fits(FoundRecord record, ExpectedRecord expected) =>
        record.Type == expected.Type
        && (expected.Name is null || record.Parts.All(part => FileSystemName.MatchesSimpleExpression(expected.Name, part.Name.ToString(), ignoreCase: false)))
        && (expected.Content switch
        {
            RecordContent.Any => true,
            // Of one that cannot be undone here nobody knows whose it is.
            RecordContent.Unread => record.Fault is not null || record.IsOf(crashes[expected.Crash].Nonce),
            _ => record.IsOf(crashes[expected.Crash].Nonce),
        });

    private Finding Missing(ExpectedRecord expected, IReadOnlyCollection<FoundRecord> left, int files, int boot)
    {
        string wanted = $"no {expected.Type} record of crash {expected.Crash} (nonce {crashes[expected.Crash].Nonce}){(expected.Name is null ? "" : $" named {expected.Name}")}";
        // A live record of another type has the nonce by right.
        var kept = stores.FoundBy(boot).Holding(crashes[expected.Crash].Nonce)
            .Where(record => record.State != RecordState.Live || record.Name.Type == expected.Type).ToList();
        if (kept.Count > 0)
            wanted += $", though the store holds it in {string.Join(", ", kept.Select(Stored))}";
        string there = (left.Count, files) switch
        {
            (0, 0) => $": /sys/fs/pstore is empty{WithoutBackend(crashes[expected.Crash].Boot, boot)}",
            (0, _) => "; there is nothing but what else is expected",
            _ => $"; there is {string.Join(", ", left.Select(record => record.Names + Origin(record)))}",
        };
        return new Finding(false, kept.Count > 0 ? "pstore" : "store", wanted + there, expected.Source);
    }

    private static string Stored(StoredRecord record) => $"{record.Place} ({EnumNames.Of(record.State)}{string.Concat(record.Faults.Select(fault => $": {fault}"))})";

    // An empty directory proves something only where a record could have been.
    private Finding Absence(Inspect inspect) => cycle.Boots.FirstOrDefault(boot => boot.Number == inspect.Boot)?.Backend is { } backend
        ? new Finding(true, "pstore", $"no record in {backend}, as expected", inspect.Source)
        : new Finding(false, "pstore", $"no record, but no backend was registered at boot {inspect.Boot} either: this proves nothing", inspect.Source);

    private Finding Content(FoundRecord found, ExpectedRecord expected, int boot)
    {
        List<string> faults = [];
        var header = found.Header;
        if (expected.Reason is not null && header?.Reason != expected.Reason)
            faults.Add($"its reason is {header?.Reason ?? "not readable"}, not {expected.Reason}");
        if (expected.Content != RecordContent.Any)
            faults.AddRange(found.Gaps.Select(gap => gap.ToString()));
        if (expected.Content == RecordContent.Nonce && expected.Type != RecordType.Dmesg)
            faults.AddRange(TailComparison.NewestMarkerFaults(found.Text, crashes[expected.Crash].Nonce, crashes[expected.Crash].Markers));
        faults.AddRange(ReadingFaults(found, expected, boot));
        faults.AddRange(EccFaults(found, expected));
        string layer = "pstore";
        if (expected.Content == RecordContent.WholeTail && Incomplete(found, expected) is { Count: > 0 } losses)
        {
            faults.AddRange(losses);
            (layer, string where) = LayerOfLoss(expected, losses, boot);
            faults.Add(where);
        }

        return faults.Count == 0
            ? new Finding(true, layer, $"{found.Names}: {AsExpected(found, expected, boot)}{Mended(found)}", expected.Source)
            : new Finding(false, layer, $"{found.Names} of crash {expected.Crash}: {string.Join("; ", faults)}", expected.Source);
    }

    private string AsExpected(FoundRecord found, ExpectedRecord expected, int boot) => expected.Content switch
    {
        RecordContent.WholeTail => $"{Size(found)}, {Whole}",
        RecordContent.Nonce => $"{Size(found)}, of the right crash",
        RecordContent.Unread => Undone(found, expected, boot),
        _ => $"{Size(found)}, there",
    };

    /// <summary>Whether the kernel could read it, held against whether it should have.</summary>
    private IEnumerable<string> ReadingFaults(FoundRecord found, ExpectedRecord expected, int boot)
    {
        if (expected.Content == RecordContent.Any)
            yield break;
        if (expected.Content != RecordContent.Unread)
        {
            if (found.Unread.Count > 0)
                yield return $"{found.Unread.Count} of {found.Parts.Count} parts came back as .enc.z ({Undone(found, expected, boot)})";
            yield break;
        }

        if (!found.IsUnread)
            yield return $"{found.Parts.Count - found.Unread.Count} of {found.Parts.Count} parts came back readable";
        else if (found.Fault is not null && !DamagedBefore(boot))
            yield return $"it can be undone here neither, although nothing damaged it on purpose: {found.Fault}";
    }

    /// <summary>What became here of a record that the kernel of that boot did not undo.</summary>
    private string Undone(FoundRecord found, ExpectedRecord expected, int boot)
    {
        if (found.Fault is not null)
            return $"{found.Text.Length} bytes, which cannot be undone here either: {found.Fault}";
        string methods = string.Join(" and ", found.Unread.Select(part => part.Method.Name).Distinct());
        var losses = expected.Crash > 0 ? Incomplete(found, expected) : [];
        return $"{methods}, which {ReleaseOf(boot)} did not undo; undone here: {Size(found)}, {(losses.Count == 0 ? Whole : $"not whole: {string.Join("; ", losses)}")}";
    }

    private string ReleaseOf(int boot) => cycle.Boots.FirstOrDefault(observed => observed.Number == boot)?.Release ?? "the kernel";

    private bool DamagedBefore(int boot)
    {
        int before = 0;
        foreach (var step in plan.Steps)
        {
            before = step switch { PowerOn on => on.Boot, ComeUpAgain again => again.Boot, _ => before };
            if (step is DamageStore && before < boot)
                return true;
        }

        return false;
    }

    private static IEnumerable<string> EccFaults(FoundRecord found, ExpectedRecord expected)
    {
        if (expected.Ecc is { } ecc)
        {
            if (found.Parts.Any(part => part.Ecc is null))
                yield return "the kernel says nothing of error correction";
            else if (found.Ecc != ecc)
                yield return $"error correction says that it {found.Ecc}, not that it {ecc}";
        }
        else if (expected.Content is not (RecordContent.Unread or RecordContent.Any))
        {
            foreach (var part in found.Parts.Where(part => part.Ecc is { UnrecoverableBlocks: > 0 }))
                yield return $"{part.Name} has {part.Ecc!.UnrecoverableBlocks} blocks beyond repair";
        }
    }

    private IReadOnlyList<string> Incomplete(FoundRecord record, ExpectedRecord expected)
    {
        var crash = crashes[expected.Crash];
        return TailComparison.Faults(ConsoleTail.Of(BootConsole.Of(folder, crash.Boot).Text, crash.Survived ? crash.Nonce : null), record.Text, crash.Nonce, crash.Markers);
    }

    /// <summary>Whether the writer lost it on the way into the store, or the reader on the way out.</summary>
    private (string Layer, string Sentence) LayerOfLoss(ExpectedRecord expected, IReadOnlyList<string> shown, int boot)
    {
        var found = stores.FoundBy(boot);
        if (found.Store is null)
            return ("pstore", found.Fault!);
        if (found.Records.FirstOrDefault(record => record.Type == expected.Type && record.IsOf(crashes[expected.Crash].Nonce)) is not { } stored)
            return ("store", "the store holds nothing more of it");
        var lost = Incomplete(stored, expected);
        return lost.Count == 0 ? ("pstore", "lost by the reader: the store holds it whole")
            : lost.SequenceEqual(shown) ? ("store", "lost by the writer: the store holds no more")
            : ("store", $"in the store: {string.Join("; ", lost)}");
    }

    private static string Mended(FoundRecord found) => found.Ecc is { Corrected: > 0 } or { Lost: > 0 } ? $", error correction {found.Ecc}" : "";

    private IEnumerable<Finding> ConsoleFindings(Inspect inspect)
    {
        if (inspect.Console.Count == 0 && inspect.ConsoleWithout.Count == 0)
            yield break;
        var console = BootConsole.Of(folder, inspect.Boot);
        foreach (string text in inspect.Console)
            yield return new Finding(console.LineWith(text) is not null, "console", Said(console, inspect.Boot, text, "never said"), inspect.Source);

        foreach (string text in inspect.ConsoleWithout)
            yield return new Finding(console.LineWith(text) is null, "console", Said(console, inspect.Boot, text, "did not say"), inspect.Source);
    }

    // The line as it stands: it is what somebody holds against another machine's log.
    private static string Said(BootConsole console, int boot, string text, string not) =>
        console.LineWith(text) is { } line ? $"boot {boot} said \"{line}\"" : $"boot {boot} {not} \"{text}\"";

    // Nothing can be in a store that pstore was not given: the first thing to know about a record that is missing.
    private string WithoutBackend(int writer, int reader)
    {
        int[] without = [.. cycle.Boots.Where(boot => boot.Backend is null && (boot.Number == writer || boot.Number == reader)).Select(boot => boot.Number)];
        return without.Length == 0 ? "" : $", and no backend was registered at boot {string.Join(" and ", without)}";
    }

    private string Origin(FoundRecord record)
    {
        if (record.Fault is { } fault)
            return $" (which cannot be undone here either: {fault})";
        var crash = crashes.FirstOrDefault(crash => record.IsOf(crash.Value.Nonce));
        return crash.Value is null ? " (with no nonce of this case)" : $" (of crash {crash.Key})";
    }

    private static string Size(FoundRecord found) =>
        $"{found.Text.Length} bytes, {LogLine.ParseAll(found.Text).Count()} lines in {found.Parts.Count} {(found.Parts.Count == 1 ? "part" : "parts")}";
}

/// <summary>A crash of the plan, with the boot that died of it.</summary>
internal sealed record ArmedCrash(string Nonce, int Markers, int Boot, bool Survived = false)
{
    public static IReadOnlyDictionary<int, ArmedCrash> Of(Plan plan)
    {
        var crashes = new Dictionary<int, ArmedCrash>();
        int boot = 0;
        foreach (var step in plan.Steps)
        {
            boot = step switch { PowerOn on => on.Boot, ComeUpAgain again => again.Boot, _ => boot };
            if (step is Mark mark)
                crashes[mark.Number] = new ArmedCrash(mark.Nonce, mark.Count, boot);
            if (step is Oops oops)
                crashes[oops.Number] = crashes[oops.Number] with { Survived = true };
        }

        return crashes;
    }
}
