using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>Holds one inspection's evidence against what was expected there.</summary>
internal sealed class InspectionJudge(CaseFolder folder, IReadOnlyDictionary<int, ArmedCrash> crashes, CycleLog cycle, StoreEvidence stores)
{
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
            yield return found is null ? Missing(expected, unclaimed, inspect.Boot) : Content(found, expected, inspect.Boot);
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
        && (expected.Content == RecordContent.Unread || record.IsOf(crashes[expected.Crash].Nonce));

    private Finding Missing(ExpectedRecord expected, IReadOnlyCollection<FoundRecord> left, int boot)
    {
        string wanted = $"no {expected.Type} record of crash {expected.Crash} (nonce {crashes[expected.Crash].Nonce}){(expected.Name is null ? "" : $" named {expected.Name}")}";
        var kept = stores.FoundBy(boot).Holding(crashes[expected.Crash].Nonce).ToList();
        if (kept.Count > 0)
            wanted += $", though the store holds it in {string.Join(", ", kept.Select(Stored))}";
        return new Finding(
            false,
            kept.Count > 0 ? "pstore" : "store",
            left.Count == 0 ? $"{wanted}: /sys/fs/pstore is empty{WithoutBackend(crashes[expected.Crash].Boot, boot)}" : $"{wanted}; there is {string.Join(", ", left.Select(record => record.Names + Origin(record)))}",
            expected.Source);
    }

    private static string Stored(StoredRecord record) => $"{record.Place} ({Scenarios.Yaml.EnumNames.Of(record.State)}{string.Concat(record.Faults.Select(fault => $": {fault}"))})";

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
        if (expected.Content != RecordContent.Unread)
            faults.AddRange(found.Gaps.Select(gap => gap.ToString()));
        faults.AddRange(EccFaults(found, expected));
        string layer = "pstore";
        if (expected.Content == RecordContent.WholeTail && Incomplete(found, expected) is { Count: > 0 } losses)
        {
            faults.AddRange(losses);
            (layer, string where) = LayerOfLoss(expected, losses, boot);
            faults.Add(where);
        }

        return faults.Count == 0
            ? new Finding(true, layer, $"{found.Names}: {Size(found)}, {expected.Content switch { RecordContent.WholeTail => "whole to the newest line", RecordContent.Nonce => "of the right crash", _ => "there" }}{Mended(found)}", expected.Source)
            : new Finding(false, layer, $"{found.Names} of crash {expected.Crash}: {string.Join("; ", faults)}", expected.Source);
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
        else if (expected.Content != RecordContent.Unread)
        {
            foreach (var part in found.Parts.Where(part => part.Ecc is { UnrecoverableBlocks: > 0 }))
                yield return $"{part.Name} has {part.Ecc!.UnrecoverableBlocks} blocks beyond repair";
        }
    }

    private IReadOnlyList<string> Incomplete(FoundRecord record, ExpectedRecord expected)
    {
        var crash = crashes[expected.Crash];
        return TailComparison.Faults(ConsoleTail.Of(ReadConsole(crash.Boot), crash.Survived ? crash.Nonce : null), record.Text, crash.Nonce, crash.Markers);
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
        string console = ReadConsole(inspect.Boot);
        foreach (string text in inspect.Console)
        {
            bool held = console.Contains(text, StringComparison.Ordinal);
            yield return new Finding(held, "console", $"boot {inspect.Boot} {(held ? "said" : "never said")} \"{text}\"", inspect.Source);
        }

        foreach (string text in inspect.ConsoleWithout)
        {
            bool held = !console.Contains(text, StringComparison.Ordinal);
            yield return new Finding(held, "console", $"boot {inspect.Boot} {(held ? "did not say" : "said")} \"{text}\"", inspect.Source);
        }
    }

    // Nothing can be in a store that pstore was not given: the first thing to know about a record that is missing.
    private string WithoutBackend(int writer, int reader)
    {
        int[] without = [.. cycle.Boots.Where(boot => boot.Backend is null && (boot.Number == writer || boot.Number == reader)).Select(boot => boot.Number)];
        return without.Length == 0 ? "" : $", and no backend was registered at boot {string.Join(" and ", without)}";
    }

    private string Origin(FoundRecord record)
    {
        var crash = crashes.FirstOrDefault(crash => record.IsOf(crash.Value.Nonce));
        return crash.Value is null ? " (with no nonce of this case)" : $" (of crash {crash.Key})";
    }

    private static string Size(FoundRecord found) =>
        $"{found.Text.Length} bytes, {LogLine.ParseAll(found.Text).Count()} lines in {found.Parts.Count} {(found.Parts.Count == 1 ? "part" : "parts")}";

    private string ReadConsole(int boot) =>
        File.Exists(folder.Boot(boot).Console) ? RecordText.FromBytes(File.ReadAllBytes(folder.Boot(boot).Console)) : "";
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
