using PstoreLab.Records;
using PstoreLab.Records.Ftrace;

namespace PstoreLab.Harness.Oracle;

/// <summary>What <c>/sys/fs/pstore</c> shows against what it was predicted to show.</summary>
internal static class PstorefsDifferences
{
    /// <summary>A sentence for each file that is not as it was predicted.</summary>
    public static IEnumerable<string> Between(
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
            yield return $"{name} ({shown[name].Length} bytes) is shown and not in the store";
    }

    // Which function is at an address only the kernel that looks knows.
    private static byte[] Comparable(string name, byte[] file) =>
        RecordName.TryParse(name, out var record) && record.Type == RecordType.Ftrace
            ? FtraceLog.RemoveFunctionNames(file)
            : file;

    /// <summary>How much there is, for a person.</summary>
    public static string Files(IReadOnlyDictionary<string, byte[]> shown) =>
        shown.Count == 0
            ? "no file"
            : $"{shown.Count} {(shown.Count == 1 ? "file" : "files")}, {shown.Values.Sum(file => file.Length)} bytes";
}
