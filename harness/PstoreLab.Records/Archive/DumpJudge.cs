namespace PstoreLab.Records.Archive;

/// <summary>What the texts of an archive made of one dump.</summary>
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
        string what = owners.Dumps[dump].Header?.ToString() ?? records[0].Name.ToString();
        ArchiveFinding Finding(ArchiveFault fault, string text, IEnumerable<int> parts, IEnumerable<Place> where) =>
            new(
                fault,
                $"{what}: {text}",
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
                $"{repeated.Count} of its parts are there up to {repeated.Values.Max()} times",
                repeated.Keys,
                places.Where(place => place.Parts.Any(repeated.ContainsKey))
            );
        foreach (var place in places)
        {
            if (place.Strangers > 0)
                yield return Finding(
                    ArchiveFault.Merged,
                    $"in {place.Path} with {place.Strangers} pieces of other dumps",
                    place.Parts,
                    [place]
                );
            if (place.IsInterleaved)
                yield return Finding(
                    ArchiveFault.Interleaved,
                    $"in {place.Path} with pieces of other dumps between its own",
                    place.Parts,
                    [place]
                );
            // The second time through is repeated, not out of order.
            var once = place.Parts.Distinct().ToList();
            int wrong = once.Zip(once.Skip(1)).ToList().FindIndex(pair => pair.First < pair.Second);
            if (wrong >= 0)
                yield return Finding(
                    ArchiveFault.OutOfOrder,
                    $"in {place.Path} {records[once[wrong]].Name} comes before "
                        + $"{records[once[wrong + 1]].Name}, which is older",
                    [once[wrong], once[wrong + 1]],
                    [place]
                );
            foreach (var (chunk, part) in place.Altered)
            {
                int at = Likeness.FirstDifference(records[part].Content, chunk.Content);
                yield return Finding(
                    ArchiveFault.Altered,
                    $"in {place.Path} {records[part].Name} is not what it was from its byte {at} on",
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
            Strangers = mine.Count(own => !own);
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

        /// <summary>The parts of the dump, in the order of the text.</summary>
        public IReadOnlyList<int> Parts { get; }

        /// <summary>How many chunks are not of the dump.</summary>
        public int Strangers { get; }

        public bool IsInterleaved { get; }

        public IReadOnlyList<(TextChunk Chunk, int Part)> Altered { get; }
    }
}
