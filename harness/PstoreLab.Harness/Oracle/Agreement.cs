using System.IO.Enumeration;
using PstoreLab.Harness.Evidence;
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

        var complaints = new List<string>();
        if (TryPredict(store, inspect, complaints, out var predicted) is { } missing)
        {
            yield return new Finding(true, Layer, $"/sys/fs/pstore was not held against the store: {missing}", inspect.Source);
            yield break;
        }

        string[] differences = [.. Differences(predicted, shown), .. Unsaid(complaints, inspect.Boot)];
        yield return differences.Length == 0
            ? new Finding(true, Layer, $"/sys/fs/pstore is what the store holds: {Files(shown)}{string.Concat(complaints.Distinct().Select(complaint => $", and the kernel said \"{complaint}\""))}", inspect.Source)
            : new Finding(false, Layer, $"/sys/fs/pstore is not what the store holds: {string.Join("; ", differences)}", inspect.Source);
    }

    /// <returns>What this machine lacks to foretell it; null when it lacks nothing.</returns>
    private string? TryPredict(DecodedStore store, Inspect inspect, List<string> complaints, out IReadOnlyDictionary<string, byte[]> predicted)
    {
        try
        {
            predicted = Predicted(store, inspect, complaints);
            return null;
        }
        catch (NotSupportedException e)
        {
            predicted = new Dictionary<string, byte[]>();
            return e.Message;
        }
    }

    private IReadOnlyDictionary<string, byte[]> Predicted(DecodedStore store, Inspect inspect, List<string> complaints)
    {
        var files = PstoreListing.Of(store, plan.VersionOf(KernelOf(inspect.Boot)), Undoes(store.Options), complaints);
        string[] erased = [.. Erased(inspect)];
        return files.Where(file => !erased.Any(glob => FileSystemName.MatchesSimpleExpression(glob, file.Key, ignoreCase: false))).ToDictionary();
    }

    // Each text once: the kernel limits how often it says the same.
    private IEnumerable<string> Unsaid(List<string> complaints, int boot)
    {
        string path = folder.Boot(boot).Console;
        string console = File.Exists(path) ? RecordText.FromBytes(File.ReadAllBytes(path)) : "";
        return complaints.Distinct().Where(complaint => !console.Contains(complaint, StringComparison.Ordinal)).Select(complaint => $"the kernel never said \"{complaint}\"");
    }

    /// <summary>What a kernel with this parameter can undo: lz4hc writes what lz4 reads, and 842 nothing here can undo.</summary>
    private static Records.Compression.CompressionMethod Undoes(StoreOptions options) => options.Parameters.GetValueOrDefault("pstore.compress") switch
    {
        "none" => Records.Compression.CompressionMethod.None,
        "lzo" => Records.Compression.CompressionMethod.Lzo,
        "lz4" or "lz4hc" => Records.Compression.CompressionMethod.Lz4,
        "zstd" => Records.Compression.CompressionMethod.Zstd,
        "842" => Records.Compression.CompressionMethod.Unknown,
        _ => Records.Compression.CompressionMethod.Deflate,
    };

    private string KernelOf(int boot) => plan.Steps
        .Select(step => step switch { PowerOn on when on.Boot == boot => on.Kernel, ComeUpAgain again when again.Boot == boot => again.Kernel, _ => null })
        .First(kernel => kernel is not null)!;

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
