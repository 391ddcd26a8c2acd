using System.Text.Json;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Comparison;

/// <summary>The results of one side, and where their evidence lies.</summary>
/// <param name="Label">What a person calls this side.</param>
/// <param name="Root">The folder that the results' own folders are relative to.</param>
public sealed partial record RunResults(string Label, string Root, IReadOnlyList<CaseResult> Results)
{
    /// <summary>What was left out of the results, for a person; null for nothing.</summary>
    public string? Notice { get; init; }

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
        try
        {
            // In the folder of a run it may be a stranger's; who names the file itself may name a link.
            var kind = file == path ? FileKinds.OfTarget(file) : FileKinds.Of(file);
            if (kind != FileKind.Regular)
                throw new UsageException(
                    kind == FileKind.Missing
                        ? $"{path} holds no {FileName}; name the folder of a run, such as out/latest"
                        : $"{file} is no plain file; name the folder of a run, such as out/latest"
                );
            string[] lines = File.ReadAllLines(file);
            List<CaseResult> results = [];
            string? notice = null;
            for (int index = 0; index < lines.Length; index++)
            {
                try
                {
                    if (lines[index].Length > 0)
                        results.Add(Parse(file, index + 1, lines[index]));
                }
                catch (UsageException) when (index == lines.Length - 1 && !EndsWithLine(file))
                {
                    notice = $"{file}:{index + 1}: the last line is cut off, and its result is left out";
                }
            }

            return results.Count > 0
                ? new RunResults(path, Path.GetDirectoryName(Path.GetFullPath(file))!, results) { Notice = notice }
                : throw new UsageException($"{file} holds no result: the run was ended before its first case was");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The folder of one attempt's evidence; null where it would lie outside of the run's, which may be a stranger's.
    /// </summary>
    public CaseFolder? FolderOf(CaseResult result) =>
        Within(result.Folder) is { } folder ? new CaseFolder(folder) : null;

    /// <summary>The absolute path of a folder of the run; null where it would lie outside of it.</summary>
    public string? Within(string folder) =>
        !folder.Contains('\0')
        && Path.GetFullPath(Path.Combine(Root, folder)) is var full
        && full.StartsWith(Root + "/", StringComparison.Ordinal)
            ? full
            : null;

    // A disk that fills up, or a process that is killed, leaves a part of one behind.
    private static bool EndsWithLine(string file)
    {
        using var stream = File.OpenRead(file);
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static CaseResult Parse(string file, int number, string line)
    {
        try
        {
            return EvidenceJson.Parse<CaseResult>(line) ?? throw new JsonException("found nothing, expected a result");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UsageException($"{file}:{number}: not a result: {PathInJson().Replace(e.Message, "")}", e);
        }
    }

    // What .NET says of where in the line it was.
    [GeneratedRegex(@" Path: .* BytePositionInLine: \d+\.$")]
    private static partial Regex PathInJson();
}
