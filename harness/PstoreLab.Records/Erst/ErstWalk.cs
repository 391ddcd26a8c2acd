namespace PstoreLab.Records.Erst;

/// <summary>
/// Which map entries a kernel gets to read, and which it stumbles over: QEMU's <c>get_next_record_identifier</c> and
/// <c>lookup_erst_record</c> (hw/acpi/erst.c) under Linux's <c>__erst_record_id_cache_add_one</c>
/// (drivers/acpi/apei/erst.c, 5.10 to 7.2).
/// </summary>
internal sealed class ErstWalk(uint declared)
{
    private const ulong EndOfRecords = ulong.MaxValue;

    private readonly Dictionary<ulong, int> _seen = [];
    private long _passed;
    private ulong? _firstOfRun;
    private ulong? _previousOfRun;

    /// <summary>Takes the map's entries in order, those that are not 0.</summary>
    /// <param name="ends">The kernel takes this entry for the end of the records.</param>
    /// <returns>Why the kernel does not come to read this one; null when it does.</returns>
    public string? Next(int slot, ulong id, out bool ends)
    {
        long passed = _passed++;
        ends = id == EndOfRecords;
        if (ends)
            return "its id in the map is all ones, which means the end of the records: a kernel looks no further";
        if (declared == 0)
            return "the store's header counts no record, so QEMU says that it is empty";
        if (!_seen.TryAdd(id, slot))
        {
            // Ids that the kernel knows already it skips, until two in a row are the same or the first of them comes
            // again.
            ends = id == _previousOfRun || id == _firstOfRun;
            _previousOfRun = id;
            _firstOfRun ??= id;
            string which = $"the map has its id before, in slot {_seen[id]}, and QEMU finds only that one";
            return ends ? which + "; as the id comes again at once, a kernel looks no further" : which;
        }
        _firstOfRun = _previousOfRun = null;
        return passed >= declared
            ? $"the store's header counts {declared} record{(declared == 1 ? "" : "s")}, and QEMU looks for "
                + "an id in no more of them than that"
            : null;
    }
}
