using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// Compares <c>/sys/fs/pstore</c> with the raw store: the files that our decoder expects of these bytes, byte by byte,
/// and the kernel messages about those that cannot be decompressed.
/// </summary>
internal sealed class StoreAgainstPstorefs(AttemptEvidence evidence)
{
    private const string Layer = "store";

    /// <summary>One finding.</summary>
    /// <exception cref="UnsupportedException">This machine lacks a method that the kernel decompresses.</exception>
    public IEnumerable<Finding> Findings(Inspection inspection)
    {
        var shown = RecordSnapshot.Read(evidence.Folder.Records(inspection.Number));
        var console = evidence.ConsoleOf(inspection.Boot.Number);
        if (evidence.Registered.RefusalOf(inspection.Boot.Number) is { } refused)
        {
            yield return new Finding(
                shown.Count == 0,
                Layer,
                $"the kernel registered no backend (\"{refused}\"), and /sys/fs/pstore has "
                    + PstorefsDifferences.Files(shown),
                inspection.Source
            );
            yield break;
        }

        var said = new List<string>();
        // A kernel that has taken no backend shows nothing, whatever is in the store.
        var listing = evidence.Registered.At(inspection) is not null
            ? evidence.Listings.ListingAt(inspection, said)
            : new Dictionary<string, byte[]>();
        if (listing is null)
        {
            yield return new Finding(false, Layer, evidence.Stores.ShownAt(inspection).Fault!, inspection.Source);
            yield break;
        }

        var predicted = WithoutErased(listing, inspection);
        // Each text once: the kernel limits how often it says the same.
        var messages = said.Distinct().Select(text => (Text: text, Line: console.LineWith(text))).ToList();
        var taken = Taken(predicted, shown, inspection);
        string[] differences =
        [
            .. PstorefsDifferences.Between(predicted.Where(file => !taken.Contains(file.Key)).ToDictionary(), shown),
            .. messages
                .Where(message => message.Line is null)
                .Select(message => $"the kernel never said \"{message.Text}\""),
        ];
        yield return differences.Length == 0
            ? new Finding(
                true,
                Layer,
                $"/sys/fs/pstore is what the store holds: {PstorefsDifferences.Files(shown)}"
                    + (taken.Count == 0 ? "" : $", and {taken.Count} that systemd-pstore took out of it")
                    + string.Concat(messages.Select(message => $", and the kernel said \"{message.Line}\"")),
                inspection.Source
            )
            : new Finding(
                false,
                Layer,
                $"/sys/fs/pstore is not what the store holds: {string.Join("; ", differences)}",
                inspection.Source
            );
    }

    /// <summary>
    /// The files that systemd-pstore has moved away: the same bytes under the same name are in its archive or journal.
    /// </summary>
    private HashSet<string> Taken(
        IReadOnlyDictionary<string, byte[]> predicted,
        IReadOnlyDictionary<string, byte[]> shown,
        Inspection inspection
    )
    {
        if (SystemdSnapshot.Read(evidence.Folder, inspection.Number) is not { } systemd)
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

    private static IReadOnlyDictionary<string, byte[]> WithoutErased(
        IReadOnlyDictionary<string, byte[]> files,
        Inspection inspection
    )
    {
        string[] erased = [.. Erased(inspection)];
        return files
            .Where(file =>
                !erased.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file.Key, ignoreCase: false))
            )
            .ToDictionary();
    }

    /// <summary>The globs deleted in this boot before the inspection.</summary>
    private static IEnumerable<string> Erased(Inspection inspection) =>
        inspection
            .Boot.Steps.TakeWhile(step => step is not Inspect inspect || inspect.Number != inspection.Number)
            .OfType<Ask>()
            .Select(ask => ask.Request)
            .OfType<AgentRequest.Erase>()
            .Select(erase => erase.Glob);
}
