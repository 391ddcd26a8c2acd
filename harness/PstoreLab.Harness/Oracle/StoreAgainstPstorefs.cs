using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Records;
using PstoreLab.Records.Ramoops;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Holds <c>/sys/fs/pstore</c> against the raw store: what our decoder says a kernel must make of these bytes, file by
/// file and byte by byte, and what it must say of those that it cannot decompress.
/// </summary>
internal sealed class StoreAgainstPstorefs(
    Plan plan,
    CaseFolder folder,
    RegisteredBackends registered,
    StoreEvidence stores,
    ExpectedListings expectedListings
)
{
    private const string Layer = "store";

    /// <summary>One finding; or none where the store is not known as the kernel found it.</summary>
    /// <exception cref="UnsupportedException">Nothing on this machine undoes what the kernel can.</exception>
    public IEnumerable<Finding> Findings(Inspect inspect)
    {
        if (RecordSnapshot.Read(folder.Records(inspect.Number)) is not { } shown)
            yield break;
        var console = BootConsole.Of(folder, inspect.Boot);
        if (registered.RefusalOf(inspect.Boot) is { } refused)
        {
            yield return new Finding(
                shown.Count == 0,
                Layer,
                $"the kernel registered no backend (\"{refused}\"), and /sys/fs/pstore has {Files(shown)}",
                inspect.Source
            );
            yield break;
        }

        var said = new List<string>();
        // A kernel that has taken no backend shows nothing, whatever is in the store.
        var listing = registered.At(inspect) is not null
            ? expectedListings.ListingAt(inspect, said)
            : new Dictionary<string, byte[]>();
        if (listing is null)
        {
            yield return new Finding(false, Layer, stores.ShownAt(inspect).Fault!, inspect.Source);
            yield break;
        }

        var predicted = WithoutErased(listing, inspect);
        // Each text once: the kernel limits how often it says the same.
        var complaints = said.Distinct()
            .Select(complaint => (Text: complaint, Line: console.LineWith(complaint)))
            .ToList();
        var taken = Taken(predicted, shown, inspect);
        string[] differences =
        [
            .. Differences(predicted.Where(file => !taken.Contains(file.Key)).ToDictionary(), shown),
            .. complaints
                .Where(complaint => complaint.Line is null)
                .Select(complaint => $"the kernel never said \"{complaint.Text}\""),
        ];
        yield return differences.Length == 0
            ? new Finding(
                true,
                Layer,
                "/sys/fs/pstore is what the store holds: "
                    + $"{Files(shown)}{(taken.Count == 0 ? "" : $", and {taken.Count} that systemd-pstore took out of it")}{string.Concat(complaints.Select(complaint => $", and the kernel said \"{complaint.Line}\""))}",
                inspect.Source
            )
            : new Finding(
                false,
                Layer,
                $"/sys/fs/pstore is not what the store holds: {string.Join("; ", differences)}",
                inspect.Source
            );
    }

    /// <summary>
    /// What is shown no more because systemd-pstore has put it somewhere else: the same bytes under the same name.
    /// </summary>
    private HashSet<string> Taken(
        IReadOnlyDictionary<string, byte[]> predicted,
        IReadOnlyDictionary<string, byte[]> shown,
        Inspect inspect
    )
    {
        if (SystemdSnapshot.Read(folder, inspect.Number) is not { } systemd)
            return [];
        var journaled = systemd.Journaled;
        var archived = systemd.Archive.ToLookup(file => Path.GetFileName(file.Path), file => file.Content);
        return
        [
            .. from file in predicted
            where !shown.ContainsKey(file.Key)
            where
                archived[file.Key].Any(content => content.Span.SequenceEqual(file.Value))
                || (journaled.TryGetValue(file.Key, out byte[]? entry) && entry.AsSpan().SequenceEqual(file.Value))
            select file.Key,
        ];
    }

    private IReadOnlyDictionary<string, byte[]> WithoutErased(
        IReadOnlyDictionary<string, byte[]> files,
        Inspect inspect
    )
    {
        string[] erased = [.. Erased(inspect)];
        return files
            .Where(file =>
                !erased.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file.Key, ignoreCase: false))
            )
            .ToDictionary();
    }

    /// <summary>What was deleted in this boot before the inspection.</summary>
    private IEnumerable<string> Erased(Inspect inspect)
    {
        int boot = 0;
        foreach (var step in plan.Steps)
        {
            boot = step switch
            {
                PowerOn on => on.Boot,
                WarmBoot again => again.Boot,
                _ => boot,
            };
            if (step is Inspect { Number: var number } && number == inspect.Number)
                yield break;
            if (
                boot == inspect.Boot
                && step is Ask { Request: var request }
                && request.StartsWith("erase ", StringComparison.Ordinal)
            )
                yield return request["erase ".Length..];
        }
    }

    private static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, byte[]> predicted,
        IReadOnlyDictionary<string, byte[]> shown
    )
    {
        foreach (var (name, content) in predicted)
        {
            if (!shown.TryGetValue(name, out byte[]? file))
                yield return $"{name} ({content.Length} bytes) is not shown";
            else if (Comparable(name, file) is var comparable && !content.AsSpan().SequenceEqual(comparable))
                yield return $"{name} differs from byte {content.AsSpan().CommonPrefixLength(comparable)} on, "
                    + $"{content.Length} bytes in the store, {comparable.Length} shown";
        }

        foreach (string name in shown.Keys.Where(name => !predicted.ContainsKey(name)))
            yield return $"{RecordText.ForDisplay(name)} ({shown[name].Length} bytes) is shown and not in the store";
    }

    // Which function is at an address only the kernel that looks knows.
    private static byte[] Comparable(string name, byte[] file) =>
        RecordName.TryParse(name, out var record) && record.Type == RecordType.Ftrace
            ? FtraceLog.WithoutNames(file)
            : file;

    private static string Files(IReadOnlyDictionary<string, byte[]> shown) =>
        shown.Count == 0
            ? "no file"
            : $"{shown.Count} {(shown.Count == 1 ? "file" : "files")}, {shown.Values.Sum(file => file.Length)} bytes";
}
