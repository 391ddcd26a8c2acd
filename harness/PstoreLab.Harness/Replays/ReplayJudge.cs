using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Replays;

/// <summary>What a kernel is to show of a store.</summary>
/// <param name="Files">The files of <c>/sys/fs/pstore</c>, by name.</param>
/// <param name="Messages">What it is to say.</param>
/// <param name="Fault">Why nothing can be said of it; null where something can.</param>
internal sealed record PredictedStore(
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<string> Messages,
    string? Fault
);

/// <summary>Whether one kernel showed of a store what it is to show.</summary>
internal static class ReplayJudge
{
    /// <param name="content">The store's bytes as the kernel finds them.</param>
    public static PredictedStore Predict(Plan plan, byte[] content)
    {
        var boot = plan.Boots[0];
        var kind = BackendCatalogue.Get(plan.Backend).Kind;
        var found = FoundStore.Decode(content, kind, plan.StoreOptionsOf(boot), "the store");
        if (found.Store is not { } store)
            return Unknown(found.Fault!);
        try
        {
            var said = new List<string>();
            var files = PstoreListing.Predict(store, plan.VersionOf(boot.Kernel), plan.CompressionOf(boot), said);
            return new PredictedStore(files, [.. said.Distinct()], null);
        }
        catch (NotSupportedException e)
        {
            return Unknown(e.Message);
        }
    }

    /// <summary>Why it is not what was predicted; empty where it is.</summary>
    public static IReadOnlyList<string> Differences(Plan plan, PredictedStore predicted, ReplayAnswer answer)
    {
        if (answer.Error != 0)
            return [$"the kernel did not read the store again: errno {answer.Error}"];
        if (answer.Backend is null)
            return ["the kernel registered no backend"];
        if (predicted.Fault is { } fault)
            return [fault];
        var messages = answer.Messages;
        return
        [
            .. PstorefsDifferences.Between(predicted.Files, answer.Files),
            .. predicted
                .Messages.Where(text => !messages.Any(message => message.Contains(text, StringComparison.Ordinal)))
                .Select(text => $"the kernel never said \"{text}\""),
            .. Reports(plan, messages).Select(report => $"the kernel reported \"{report.Headline}\""),
        ];
    }

    private static PredictedStore Unknown(string fault) => new(new Dictionary<string, byte[]>(), [], fault);

    private static IEnumerable<KernelDiagnostic> Reports(Plan plan, IReadOnlyList<string> messages) =>
        KernelDiagnostic
            .In(
                [.. ConsoleEntry.ParseAll(string.Concat(messages.Select(message => $"[    0.000000] {message}\n")))],
                MachineCatalogue.Get(plan.Machine).Architecture
            )
            .Where(report => report.IsFatal || report.IsInPstore);
}
