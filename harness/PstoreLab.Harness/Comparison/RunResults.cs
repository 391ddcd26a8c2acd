using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Comparison;

/// <summary>The results of one side, and where their evidence lies.</summary>
/// <param name="Label">What a person calls this side.</param>
/// <param name="Root">The folder that the results' own folders are relative to.</param>
public sealed record RunResults(string Label, string Root, IReadOnlyList<CaseResult> Results)
{
    /// <summary>The name that every run gives to its results.</summary>
    public const string FileName = "results.jsonl";

    /// <summary>Whether a word names a run rather than anything else.</summary>
    public static bool IsNamedBy(string word) =>
        Directory.Exists(word) && File.Exists(Path.Combine(word, FileName))
        || File.Exists(word) && Path.GetExtension(word) == ".jsonl";

    /// <param name="path">The folder of a run, or its <c>results.jsonl</c>.</param>
    /// <exception cref="UsageException">There are no results, or they are damaged; says which line.</exception>
    public static RunResults Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new UsageException($"{path} holds no {FileName}; name the folder of a run, such as out/latest");
        try
        {
            CaseResult[] results =
            [
                .. File.ReadLines(file).Select((line, index) => Parse(file, index + 1, line)).OfType<CaseResult>(),
            ];
            return results.Length > 0
                ? new RunResults(path, Path.GetDirectoryName(Path.GetFullPath(file))!, results)
                : throw new UsageException($"{file} holds no result: the run was ended before its first case was");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The folder of one attempt's evidence.</summary>
    public CaseFolder FolderOf(CaseResult result) => new(Path.GetFullPath(Path.Combine(Root, result.Folder)));

    private static CaseResult? Parse(string file, int number, string line)
    {
        if (line.Length == 0)
            return null;
        try
        {
            return EvidenceJson.Parse<CaseResult>(line) ?? throw new JsonException("found nothing, expected a result");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UsageException($"{file}:{number}: not a result: {e.Message}", e);
        }
    }
}
