using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle;

/// <summary>
/// How far back a dump must reach: to the beginning of the log, to <c>kmsg_bytes</c> of stored bytes, or as far as the
/// store had room. A backend that keeps only the first part (ramoops, pstore_blk, mtdpstore) promises none of it.
/// </summary>
internal sealed class DumpReach(AttemptEvidence evidence)
{
    /// <summary>What its first line shows of that.</summary>
    /// <param name="boot">The boot that shows it.</param>
    public Reach Of(FoundRecord record, ExpectedRecord expected, ConsoleTail console, BootNumber boot)
    {
        if (!BackendCatalogue.Get(evidence.Plan.Backend).KeepsAllParts)
            return new Reach("", null, null);
        if (TailComparison.IsFromTheBeginning(console, record.Text))
            return new Reach(", from the beginning of the log", null, null);
        var crash = evidence.Crashes[expected.Crash];
        if (KmsgBytesAt(expected.Crash, crash) is not { } promised)
            return new Reach("", null, "kmsg_bytes was set to what cannot be read from the plan");
        bool showsItsOwn = boot == crash.Boot && evidence.Plan.BootOf(boot).ShowsItsOwn;
        var (writers, left) = showsItsOwn
            ? FullestOf(record, crash)
            : In(evidence.Stores.LeftBy(crash.Boot), record, crash);
        var parts = showsItsOwn ? left : In(evidence.Stores.FoundBy(boot), record, crash).Parts;
        long stored = parts.Sum(part => (long)part.Payload.Length);
        long written = left.Sum(part => (long)part.Payload.Length);
        string amount =
            $"its parts are {stored} bytes in the store, {promised - stored} short of kmsg_bytes ({promised})";
        return stored >= promised ? new Reach($", {stored} stored bytes of it for kmsg_bytes {promised}", null, null)
            : stored < written ? new Reach("", $"{amount}, and were {written} when the writer had ended", null)
            : HasRoom(writers, left) ? new Reach("", $"{amount}, and the store had room for more", null)
            : new Reach($", as far as the store had room ({stored} bytes of kmsg_bytes {promised})", null, null);
    }

    /// <summary>
    /// The parts as a boot left them that shows its own records. It may still run, so its store was copied at each
    /// inspection; a part that was erased since is in an earlier copy.
    /// </summary>
    private (FoundStore Store, IReadOnlyList<StoredRecord> Parts) FullestOf(FoundRecord record, ArmedCrash crash) =>
        evidence
            .Stores.ShownDuring(evidence.Plan.BootOf(crash.Boot))
            .Select(store => In(store, record, crash))
            .MaxBy(found => found.Parts.Sum(part => (long)part.Payload.Length));

    private static (FoundStore Store, IReadOnlyList<StoredRecord> Parts) In(
        FoundStore store,
        FoundRecord record,
        ArmedCrash crash
    ) => (store, PartsOf(store, record, crash.Nonce));

    private long? KmsgBytesAt(CrashNumber number, ArmedCrash crash)
    {
        var boot = evidence.Plan.BootOf(crash.Boot);
        return KmsgBytes.At(
            boot,
            boot.Steps.TakeWhile(step => step is not Mark mark || mark.Number != number),
            evidence.Plan.VersionOf(boot.Kernel)
        );
    }

    /// <summary>The parts of the same dump in a store.</summary>
    private static IReadOnlyList<StoredRecord> PartsOf(FoundStore found, FoundRecord record, string nonce)
    {
        // Backends rename their records between versions; the number stays. Two boots of one second may give a number
        // twice (ERST), so the crash and the text decide.
        HashSet<ulong> shown = [.. record.Parts.Select(part => part.Name.Id)];
        var dump = found.Records.FirstOrDefault(dump =>
            dump.IsOf(nonce) && dump.Parts.Any(part => shown.Contains(part.Name.Id))
        );
        return dump is null
            ? []
            :
            [
                .. found.Store!.Records.Where(stored =>
                    stored.State == RecordState.Live
                    && dump.Parts.Any(part =>
                        part.Name.Id == stored.Name.Id && part.Text == DumpPart.FromStored(stored).Text
                    )
                ),
            ];
    }

    // No kernel under test writes with this time, so it takes nobody's place.
    private static readonly DateTimeOffset Never = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Whether another part as large as the largest would have found a place.
    private static bool HasRoom(FoundStore found, IReadOnlyList<StoredRecord> parts)
    {
        if (found is not { Store: { } store, Bytes: { } bytes })
            return true;
        int largest = parts.Select(part => part.Payload.Length).DefaultIfEmpty(1).Max();
        var another = new RecordToWrite(RecordType.Dmesg, new byte[largest])
        {
            WrittenAt = Never,
            Part = (uint)parts.Count + 1,
        };
        return StoreFormats.Get(store.Kind).Write(bytes.ToArray(), store.Options, another);
    }
}

/// <summary>How far back a dump reaches.</summary>
/// <param name="Words">Behind "whole", for a person; empty where nothing is to be said.</param>
/// <param name="Fault">What it lacks; null for nothing.</param>
/// <param name="Doubt">Why that cannot be told; null where it can.</param>
internal sealed record Reach(string Words, string? Fault, string? Doubt);
