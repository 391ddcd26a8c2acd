using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Holds <c>/sys/fs/pstore</c> against the raw store: what our decoder says a kernel must make of these bytes, file by file
/// and byte by byte, and what it must say of those that it cannot decompress.
/// </summary>
internal sealed class Agreement(Plan plan, CaseFolder folder, StoreEvidence stores)
{
    private const string Layer = "store";

    /// <summary>One finding; or none where the store is not known as the kernel found it.</summary>
    /// <exception cref="UnsupportedException">Nothing on this machine undoes what the kernel can.</exception>
    public IEnumerable<Finding> Findings(Inspect inspect)
    {
        if (RecordSnapshot.Read(folder.Records(inspect.Number)) is not { } shown)
            yield break;
        var found = stores.FoundBy(inspect.Boot);
        if (found.Store is not { } store)
        {
            yield return new Finding(false, Layer, found.Fault!, inspect.Source);
            yield break;
        }

        var said = new List<string>();
        var predicted = Predicted(store, inspect, said);
        // Each text once: the kernel limits how often it says the same.
        var console = BootConsole.Of(folder, inspect.Boot);
        var complaints = said.Distinct().Select(complaint => (Text: complaint, Line: console.LineWith(complaint))).ToList();
        string[] differences =
        [
            .. Differences(predicted, shown),
            .. complaints.Where(complaint => complaint.Line is null).Select(complaint => $"the kernel never said \"{complaint.Text}\""),
        ];
        yield return differences.Length == 0
            ? new Finding(true, Layer, $"/sys/fs/pstore is what the store holds: {Files(shown)}{string.Concat(complaints.Select(complaint => $", and the kernel said \"{complaint.Line}\""))}", inspect.Source)
            : new Finding(false, Layer, $"/sys/fs/pstore is not what the store holds: {string.Join("; ", differences)}", inspect.Source);
    }

    private IReadOnlyDictionary<string, byte[]> Predicted(DecodedStore store, Inspect inspect, List<string> complaints)
    {
        try
        {
            var files = PstoreListing.Of(store, plan.VersionOf(plan.BootOf(inspect.Boot).Kernel), plan.CompressionOf(inspect.Boot), complaints);
            string[] erased = [.. Erased(inspect)];
            return files.Where(file => !erased.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file.Key, ignoreCase: false))).ToDictionary();
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException(e.Message, e);
        }
    }

    /// <summary>What was deleted in this boot before the inspection.</summary>
    private IEnumerable<string> Erased(Inspect inspect)
    {
        int boot = 0;
        foreach (var step in plan.Steps)
        {
            boot = step switch { PowerOn on => on.Boot, ComeUpAgain again => again.Boot, _ => boot };
            if (step is Inspect { Number: var number } && number == inspect.Number)
                yield break;
            if (boot == inspect.Boot && step is Ask { Request: var request } && request.StartsWith("erase ", StringComparison.Ordinal))
                yield return request["erase ".Length..];
        }
    }

    private static IEnumerable<string> Differences(IReadOnlyDictionary<string, byte[]> predicted, IReadOnlyDictionary<string, byte[]> shown)
    {
        foreach (var (name, content) in predicted)
        {
            if (!shown.TryGetValue(name, out byte[]? file))
                yield return $"{name} ({content.Length} bytes) is not shown";
            else if (!content.AsSpan().SequenceEqual(file))
                yield return $"{name} differs from byte {content.AsSpan().CommonPrefixLength(file)} on, {content.Length} bytes in the store, {file.Length} shown";
        }

        foreach (string name in shown.Keys.Where(name => !predicted.ContainsKey(name)))
            yield return $"{RecordText.ForDisplay(name)} ({shown[name].Length} bytes) is shown and not in the store";
    }

    private static string Files(IReadOnlyDictionary<string, byte[]> shown) =>
        shown.Count == 0 ? "no file" : $"{shown.Count} {(shown.Count == 1 ? "file" : "files")}, {shown.Values.Sum(file => file.Length)} bytes";
}
