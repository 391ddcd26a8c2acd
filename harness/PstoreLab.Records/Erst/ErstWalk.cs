namespace PstoreLab.Records.Erst;

/// <summary>
/// Follows a kernel through the entries of the map: <c>get_next_record_identifier</c> and <c>lookup_erst_record</c> of
/// QEMU (hw/acpi/erst.c) under <c>__erst_record_id_cache_add_one</c> of Linux (drivers/acpi/apei/erst.c, 5.10 to 7.2).
/// </summary>
/// <param name="declared">Number of records by the store's header.</param>
internal sealed class ErstWalk(uint declared)
{
    private const ulong EndOfRecords = ulong.MaxValue;

    private readonly Dictionary<ulong, int> _seen = [];
    private long _passed;
    private ulong? _firstOfRun;
    private ulong? _previousOfRun;

    /// <summary>Takes the next map entry that is not 0.</summary>
    /// <param name="slot">Number of the slot.</param>
    /// <param name="id">Its id in the map.</param>
    /// <param name="ends">Whether the kernel takes this entry for the end of the records.</param>
    /// <returns>Why the kernel does not read this record; null where it does.</returns>
    public string? Next(int slot, ulong id, out bool ends)
    {
        long passed = _passed++;
        ends = id == EndOfRecords;
        if (ends)
            return "its id in the map is all ones, the mark of the end: a kernel ends its listing there";
        if (declared == 0)
            return "the store's header counts no record, and QEMU reports an empty store";
        if (!_seen.TryAdd(id, slot))
        {
            // The kernel skips ids it has seen, until one comes twice in a row or the first of the skipped comes again.
            ends = id == _previousOfRun || id == _firstOfRun;
            _previousOfRun = id;
            _firstOfRun ??= id;
            string duplicate = $"slot {_seen[id]} has the same id in the map, and QEMU finds that one alone";
            return ends ? duplicate + "; the id repeats, and a kernel ends its listing there" : duplicate;
        }
        _firstOfRun = _previousOfRun = null;
        return passed >= declared
            ? $"the store's header counts {declared} record{(declared == 1 ? "" : "s")}, and QEMU searches no more map "
                + "entries than that"
            : null;
    }
}
