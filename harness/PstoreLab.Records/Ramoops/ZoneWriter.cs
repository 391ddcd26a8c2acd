using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// Writes one zone as a kernel does (<c>persistent_ram_zap</c> and <c>persistent_ram_write</c> in fs/pstore/ram_core.c,
/// 5.10 to 7.2).
/// </summary>
internal static class ZoneWriter
{
    /// <summary>Empties a zone: the header changes, and the data stays.</summary>
    public static void Zap(Span<byte> zone, ZoneGeometry geometry, uint signature, bool bigEndian = false)
    {
        new ZoneHeader(signature, 0, 0).Write(zone, bigEndian);
        ZoneEcc.WriteHeader(zone, geometry);
    }

    /// <summary>Writes a dump with its prefix.</summary>
    /// <returns>False where the dump does not fit. (A kernel makes no such dump: its buffer is as large as the zone's
    /// data.)</returns>
    public static bool WriteDump(Span<byte> zone, ZoneGeometry geometry, RecordToWrite record, bool bigEndian = false)
    {
        byte[] prefix = DumpPrefix.Format(record.WrittenAt, record.MarkedCompressed);
        if ((long)prefix.Length + record.Payload.Length > geometry.DataSize)
            return false;
        WriteCircular(zone, geometry, ZoneHeader.Dbgc, [.. prefix, .. record.Payload.Span], bigEndian);
        return true;
    }

    /// <summary>
    /// Fills an empty zone as many small writes do: a full ring continues at its first byte, and the header has the
    /// offset of the earliest byte.
    /// </summary>
    public static void WriteCircular(
        Span<byte> zone,
        ZoneGeometry geometry,
        uint signature,
        ReadOnlySpan<byte> content,
        bool bigEndian = false
    )
    {
        var data = zone.Slice(ZoneGeometry.Data, geometry.DataSize);
        int start = content.Length % data.Length;
        int length = Math.Min(content.Length, data.Length);
        var kept = content[^length..];
        if (content.Length < data.Length)
        {
            kept.CopyTo(data);
        }
        else
        {
            kept[^start..].CopyTo(data);
            kept[..^start].CopyTo(data[start..]);
        }
        new ZoneHeader(signature, (uint)start, (uint)length).Write(zone, bigEndian);
        ZoneEcc.WriteHeader(zone, geometry);
        ZoneEcc.WriteData(zone, geometry, length);
    }
}
