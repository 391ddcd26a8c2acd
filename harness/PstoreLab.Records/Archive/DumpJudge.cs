namespace PstoreLab.Records.Archive;

/// <summary>Finds the faults of one dump in the texts of an archive.</summary>
internal static class DumpJudge
{
    public static ArchivedDump Judge(
        int dump,
        ChunkOwners owners,
        IEnumerable<ArchivedRecord> records,
        IEnumerable<OwnedText> texts
    )
    {
        var places = texts.Select(text => new Place(text, dump)).Where(place => place.Parts.Count > 0).ToList();
        string[] files =
        [
            .. records.Where(record => owners.RecordsOf(dump).Contains(record.Record)).Select(record => record.Path),
        ];
        return new ArchivedDump(
            owners.Dumps[dump],
            files,
            [.. places.Select(place => place.Path)],
            [.. Findings(dump, owners, places)]
        );
    }

    private static IEnumerable<ArchiveFinding> Findings(int dump, ChunkOwners owners, IReadOnlyList<Place> places)
    {
        var records = owners.RecordsOf(dump);
        string dumpName = owners.Dumps[dump].Header?.ToString() ?? records[0].Name.ToString();
        ArchiveFinding Finding(ArchiveFault fault, string text, IEnumerable<int> parts, IEnumerable<Place> where) =>
            new(
                fault,
                $"{dumpName}: {text}",
                [.. parts.Distinct().Order().Select(part => records[part].Name)],
                [.. where.Select(place => place.Path)]
            );

        if (places.Count == 0)
        {
            if (records.Count > 1)
                yield return Finding(
                    ArchiveFault.NotReassembled,
                    $"its {records.Count} parts are in no {ArchivedFile.TextName}",
                    Enumerable.Range(0, records.Count),
                    []
                );
            yield break;
        }

        var all = places.SelectMany(place => place.Parts).ToHashSet();
        if (places.All(place => !all.IsSubsetOf(place.Parts)))
            yield return Finding(
                ArchiveFault.Split,
                $"over {places.Count} files, {string.Join(" and ", places.Select(place => place.Path))}",
                all,
                places
            );
        if (records.Count > all.Count)
            yield return Finding(
                ArchiveFault.Incomplete,
                $"{records.Count - all.Count} of its {records.Count} parts are in no {ArchivedFile.TextName}",
                Enumerable.Range(0, records.Count).Except(all),
                places
            );
        var repeated = places
            .SelectMany(place => place.Parts)
            .GroupBy(part => part)
            .Where(copies => copies.Count() > 1)
            .ToDictionary(copies => copies.Key, copies => copies.Count());
        if (repeated.Count > 0)
            yield return Finding(
                ArchiveFault.Repeated,
                $"{repeated.Count} of its parts are in the texts up to {repeated.Values.Max()} times",
                repeated.Keys,
                places.Where(place => place.Parts.Any(repeated.ContainsKey))
            );
        foreach (var place in places)
        {
            if (place.OtherChunks > 0)
                yield return Finding(
                    ArchiveFault.Merged,
                    $"in {place.Path} with {place.OtherChunks} chunks of other dumps",
                    place.Parts,
                    [place]
                );
            if (place.IsInterleaved)
                yield return Finding(
                    ArchiveFault.Interleaved,
                    $"in {place.Path} with chunks of other dumps between its own",
                    place.Parts,
                    [place]
                );
            // A second copy is repeated, not out of order.
            var once = place.Parts.Distinct().ToList();
            int wrong = once.Zip(once.Skip(1)).ToList().FindIndex(pair => pair.First < pair.Second);
            if (wrong >= 0)
                yield return Finding(
                    ArchiveFault.OutOfOrder,
                    $"in {place.Path} {records[once[wrong]].Name} comes before "
                        + $"{records[once[wrong + 1]].Name}, the earlier part of the log",
                    [once[wrong], once[wrong + 1]],
                    [place]
                );
            foreach (var (chunk, part) in place.Altered)
            {
                int at = Likeness.FirstDifference(records[part].Content, chunk.Content);
                yield return Finding(
                    ArchiveFault.Altered,
                    $"in {place.Path} {records[part].Name} differs from the original from its byte {at} on",
                    [part],
                    [place]
                );
            }
        }
    }

    /// <summary>One text, seen from one dump.</summary>
    private sealed class Place
    {
        public Place(OwnedText text, int dump)
        {
            Path = text.Text.Path;
            bool[] mine = [.. text.Owners.Select(owner => owner?.Dump == dump)];
            Parts = [.. text.Owners.Where((_, index) => mine[index]).Select(owner => owner!.Value.Part)];
            OtherChunks = mine.Count(own => !own);
            IsInterleaved =
                Parts.Count > 0
                && mine.AsSpan(Array.IndexOf(mine, true)..(Array.LastIndexOf(mine, true) + 1)).Contains(false);
            Altered =
            [
                .. text
                    .Text.Chunks.Zip(text.Owners)
                    .Where((pair, index) => mine[index] && !pair.Second!.Value.IsExact)
                    .Select(pair => (pair.First, pair.Second!.Value.Part)),
            ];
        }

        public string Path { get; }

        /// <summary>Indices of the dump's parts, in the order of the text.</summary>
        public IReadOnlyList<int> Parts { get; }

        /// <summary>Number of chunks of other dumps, or of none.</summary>
        public int OtherChunks { get; }

        public bool IsInterleaved { get; }

        public IReadOnlyList<(TextChunk Chunk, int Part)> Altered { get; }
    }
}
