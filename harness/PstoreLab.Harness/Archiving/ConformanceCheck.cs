namespace PstoreLab.Harness.Archiving;

/// <summary>Has an archiver archive record sets, several at once, and judges what it made of each.</summary>
public sealed class ConformanceCheck(IArchiver archiver)
{
    // Enough that starting the archiver's sandbox costs nothing by comparison, and few enough to share the cores
    // evenly.
    private const int SetsAtOnce = 32;

    /// <param name="judged">Gets each set when it is judged, one at a time, in no order.</param>
    /// <exception cref="Faults.InfraException">The archiver cannot be run at all.</exception>
    public async Task RunAsync(IEnumerable<RecordSet> sets, Action<ArchivedSet> judged, CancellationToken cancellation)
    {
        var one = new Lock();
        // One run of the archiver has one configuration.
        var batches = sets.GroupBy(set => set.Unlink).SelectMany(alike => alike.Chunk(SetsAtOnce));
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            batches,
            options,
            async (batch, token) =>
            {
                foreach (var archived in await RunAsync(batch, token))
                {
                    lock (one)
                        judged(archived);
                }
            }
        );
    }

    private async Task<IReadOnlyList<ArchivedSet>> RunAsync(RecordSet[] batch, CancellationToken cancellation)
    {
        var running = batch.Select(set => new Running(set, Path.Combine(archiver.Workspace, $"{set.Number}"))).ToList();
        try
        {
            foreach (var one in running)
                one.Folder.Create(one.Set.Foreign);
            for (int round = 0; round < batch.Max(set => set.Rounds.Count); round++)
            {
                var now = running.Where(one => one.Set.Rounds.Count > round).ToList();
                foreach (var one in now)
                    one.Folder.Place(one.Set.Rounds[round]);
                var exits = await archiver.RunAsync(
                    [.. now.Select(one => $"{one.Set.Number}")],
                    batch[0].Unlink,
                    cancellation
                );
                foreach (var (one, exit) in now.Zip(exits))
                {
                    one.Exits.Add(
                        exit with
                        {
                            Messages =
                            [
                                .. exit.Messages,
                                .. one.Folder.Strays().Select(stray => $"{stray} is no file of a record or an archive"),
                            ],
                        }
                    );
                    one.Left.Add(one.Folder.Left());
                }
            }

            return [.. running.Select(one => ArchivedSet.Judge(one.Set, one.Folder.Archived(), one.Left, one.Exits))];
        }
        finally
        {
            foreach (var one in running)
                one.Folder.Delete();
        }
    }

    private sealed record Running(RecordSet Set, string Path)
    {
        public SetFolder Folder { get; } = new(Path);

        public List<IReadOnlyList<Records.Archive.ListedRecord>> Left { get; } = [];

        public List<ArchiverExit> Exits { get; } = [];
    }
}
