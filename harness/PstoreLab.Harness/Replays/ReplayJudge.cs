using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Replays;

/// <summary>What one kernel is to show of a store, and whether it did.</summary>
internal static class ReplayJudge
{
    /// <summary>Why it is not what was predicted; empty where it is.</summary>
    /// <param name="content">The store's bytes as the kernel found them.</param>
    public static IReadOnlyList<string> Differences(Plan plan, byte[] content, ReplayAnswer answer)
    {
        if (answer.Error != 0)
            return [$"the kernel did not read the store again: errno {answer.Error}"];
        if (answer.Backend is null)
            return ["the kernel registered no backend"];
        var boot = plan.Boots[0];
        var said = new List<string>();
        var found = FoundStore.Decode(
            content,
            BackendCatalogue.Get(plan.Backend).Kind,
            plan.StoreOptionsOf(boot),
            "the store"
        );
        if (found.Store is not { } store)
            return [found.Fault!];
        var predicted = PstoreListing.Predict(store, plan.VersionOf(boot.Kernel), plan.CompressionOf(boot), said);
        var messages = answer.Messages;
        return
        [
            .. PstorefsDifferences.Between(predicted, answer.Files),
            .. said.Distinct()
                .Where(text => !messages.Any(message => message.Contains(text, StringComparison.Ordinal)))
                .Select(text => $"the kernel never said \"{text}\""),
            .. Reports(plan, messages).Select(report => $"the kernel reported \"{report.Headline}\""),
        ];
    }

    private static IEnumerable<KernelDiagnostic> Reports(Plan plan, IReadOnlyList<string> messages) =>
        KernelDiagnostic
            .In(
                [.. ConsoleEntry.ParseAll(string.Concat(messages.Select(message => $"[    0.000000] {message}\n")))],
                MachineCatalogue.Get(plan.Machine).Architecture
            )
            .Where(report => report.IsFatal || report.IsInPstore);
}
