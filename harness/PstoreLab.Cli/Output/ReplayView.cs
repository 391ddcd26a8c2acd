using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Replays;
using PstoreLab.Harness.Runs;
using PstoreLab.Records;
using PstoreLab.Records.Stores;
using Spectre.Console;
using static PstoreLab.Cli.Output.Wording;

namespace PstoreLab.Cli.Output;

/// <summary>What a kernel showed of stores, against what was predicted.</summary>
internal static class ReplayView
{
    private const int MostShown = 40;

    /// <param name="seconds">How long it took.</param>
    public static void Print(
        IAnsiConsole console,
        RunFolder folder,
        IReadOnlyList<(ReplayedStore Store, CaseResult Result)> replays,
        double seconds
    )
    {
        foreach (var (store, result) in replays)
        {
            // Of thousands only what needs a look.
            if (replays.Count > MostShown && result.Verdict == Verdict.Passed)
                continue;
            string kernel = result.Kernels is [{ } reader] ? $"{reader.Name} ({reader.Release})" : "the kernel";
            var shown = Shown(new CaseFolder(folder.In(result.Folder)));
            console.MarkupLine(
                $"{VerdictStyle.Mark(result.Verdict).TrimEnd()} [bold]{Safe(store.Name)}[/], "
                    + $"{StoreFormats.Get(store.Decoded.Kind).Name}, "
                    + $"{store.Content.Length} bytes: {Safe(Outcome(kernel, result, shown.Count))}"
            );
            foreach (var (name, content) in shown)
                console.MarkupLine($"    {Safe(name)}  {content.Length} bytes{Safe(HeaderOf(name, content))}");
        }

        if (seconds > 0)
            console.MarkupLineInterpolated(
                $"{Many(replays.Count, "store")} in {seconds:0.0} s with boots, {replays.Count / seconds:0.#} a second"
            );
        console.MarkupLine(VerdictTable.Summary([.. replays.Select(replay => replay.Result.Verdict)]));
        console.MarkupLineInterpolated($"results and evidence: {folder.Root}");
    }

    private static string Outcome(string kernel, CaseResult result, int shown) =>
        (result.Verdict, shown) switch
        {
            (Verdict.Passed, 0) => $"{kernel} shows no record, as decode predicts",
            (Verdict.Passed, _) => $"{kernel} shows what decode predicts",
            _ => $"{kernel}: {result.Reason}",
        };

    private static IReadOnlyDictionary<string, byte[]> Shown(CaseFolder folder) =>
        Directory.Exists(folder.Records(new InspectionNumber(1)))
            ? RecordSnapshot.Read(folder.Records(new InspectionNumber(1)))
            : new Dictionary<string, byte[]>();

    private static string HeaderOf(string name, byte[] content) =>
        RecordName.TryParse(name, out var record)
        && record is { Type: RecordType.Dmesg, Compressed: false }
        && DumpHeader.TryParse(RecordText.FromBytes(content), out var header, out _)
            ? $"  {header}"
            : "";
}
