using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Harness.Bisection;

/// <summary>
/// The folder of a search: <c>state.json</c>, and the evidence of every step as in a run. Only one process at a time
/// has it.
/// </summary>
public sealed class BisectFolder : IDisposable
{
    private readonly FileLock _lock;

    private BisectFolder(RunFolder run, FileLock held, BisectState? before, string? asideNote)
    {
        (Run, _lock, Before, Note) = (run, held, before, asideNote);
    }

    public RunFolder Run { get; }

    /// <summary>The search that is continued; null where one begins.</summary>
    public BisectState? Before { get; }

    /// <summary>What has become of a search that was here before, for a person; null where there was none.</summary>
    public string? Note { get; }

    /// <summary>Opens the folder for a question, and renames the folder of another one.</summary>
    /// <exception cref="UsageException">Another process searches here now.</exception>
    public static BisectFolder Open(string root, string question, IReadOnlyList<string> kernels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(root))!);
        var held =
            FileLock.TryAcquire(root + ".lock")
            ?? throw new UsageException(
                $"another bisect of this case is under way in {root}; wait for it, or name another folder with --out"
            );
        try
        {
            var (before, damage) = Read(root);
            string? note = null;
            if (
                damage is not null
                || (before is not null && (before.Question != question || !before.Kernels.SequenceEqual(kernels)))
            )
            {
                string why =
                    damage is not null ? $"its state.json cannot be read ({damage})"
                    : before!.Question != question ? "the command line or the scenario is another one"
                    : "the kernels to choose from are others now";
                note = $"starting anew, because {why}; the search before is now in {PutAside(root)}";
                before = null;
            }
            else if (before is not null)
            {
                note =
                    $"going on in {root}, which has verdicts of "
                    + $"{string.Join(", ", before.Trials.Select(trial => trial.Kernel).Distinct())}";
            }

            Directory.CreateDirectory(Path.Combine(root, "cases"));
            return new BisectFolder(new RunFolder(root), held, before, note);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the state, and the results as those of a run, which <c>compare</c> and <c>judge</c> understand.
    /// </summary>
    public async Task SaveAsync(BisectState state)
    {
        string results = Run.In("results.jsonl");
        await File.WriteAllTextAsync(
            results + ".new",
            string.Concat(state.Trials.Select(trial => EvidenceJson.Line(trial.Result) + "\n"))
        );
        File.Move(results + ".new", results, overwrite: true);
        await File.WriteAllTextAsync(StateOf(Run.Root) + ".new", BisectJson.Text(state) + "\n");
        File.Move(StateOf(Run.Root) + ".new", StateOf(Run.Root), overwrite: true);
    }

    /// <summary>
    /// Deletes what an interrupted run of a case left: it has no verdict, and would mix with what comes now.
    /// </summary>
    public void Clear(string caseId)
    {
        string folder = Run.Case(caseId).Root;
        string[] left =
        [
            folder,
            .. Directory.Exists(Path.GetDirectoryName(folder))
                ? Directory.GetDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".attempt-*")
                : [],
        ];
        foreach (string path in left.Where(Directory.Exists))
            Directory.Delete(path, recursive: true);
    }

    public void Dispose() => _lock.Dispose();

    private static (BisectState? State, string? Damage) Read(string root)
    {
        if (!File.Exists(StateOf(root)))
            return (null, null);
        try
        {
            return (BisectJson.State(File.ReadAllText(StateOf(root))), null);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return (null, e.Message);
        }
    }

    private static string PutAside(string root)
    {
        for (int n = 1; ; n++)
        {
            string before = $"{root}.before-{n}";
            if (Directory.Exists(before))
                continue;
            Directory.Move(root, before);
            return before;
        }
    }

    private static string StateOf(string root) => Path.Combine(root, "state.json");
}
