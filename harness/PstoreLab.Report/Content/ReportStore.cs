using System.Text.Json.Serialization;

namespace PstoreLab.Report.Content;

/// <summary>The store at one moment.</summary>
/// <param name="Moment">Such as <c>as boot 1 left it</c>.</param>
/// <param name="File">Relative to the run.</param>
/// <param name="Length">In bytes; 0 where it cannot be decoded.</param>
/// <param name="Layout">How it is divided, in a line.</param>
/// <param name="Fault">Why it cannot be decoded; null where it can.</param>
/// <param name="Damage">What was damaged on purpose right before, in words.</param>
/// <param name="IsSame">Whether it is the one of the moment before.</param>
public sealed record ReportStore(
    string Moment,
    string File,
    long Length,
    string Layout,
    string? Fault,
    IReadOnlyList<string> Damage,
    bool IsSame,
    IReadOnlyList<StoredPlace> Places
)
{
    /// <summary>Bytes that were damaged on purpose.</summary>
    public IReadOnlyList<ByteRange> Damaged { get; init; } = [];

    /// <summary>Where zones or slots begin, used or not; empty for a store of variables.</summary>
    public IReadOnlyList<long> Divisions { get; init; } = [];

    /// <summary>What a kernel finds wrong with the store as a whole.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The bytes that hold anything; all of them where nothing does.</summary>
    [JsonIgnore]
    public ByteRange Used
    {
        get
        {
            ByteRange[] all = [.. Places.SelectMany(place => place.Parts).Select(part => part.Range), .. Damaged];
            if (all.Length == 0)
                return new ByteRange(0, Length);
            long begin = all.Min(range => range.Offset);
            return new ByteRange(begin, all.Max(range => range.Offset + range.Length) - begin);
        }
    }
}

/// <summary>A record in the store.</summary>
/// <param name="Place">Such as <c>dmesg zone 0</c>.</param>
/// <param name="Name">Its file name in the latest kernel.</param>
/// <param name="State"><c>live</c>, <c>deleted</c> or <c>invalid</c>.</param>
/// <param name="Bytes">Of its payload.</param>
/// <param name="Faults">What is wrong with it, each as a sentence.</param>
public sealed record StoredPlace(
    string Place,
    string Name,
    string State,
    int Bytes,
    IReadOnlyList<StorePart> Parts,
    IReadOnlyList<string> Faults
)
{
    /// <summary>Bytes that error correction brought back.</summary>
    public IReadOnlyList<ByteRange> Corrected { get; init; } = [];

    /// <summary>Bytes that it could not bring back.</summary>
    public IReadOnlyList<ByteRange> Lost { get; init; } = [];

    /// <summary>Corrected bytes; null in a store without error correction.</summary>
    public int? CorrectedBytes { get; init; }
}

/// <summary>Bytes of a record with one meaning.</summary>
/// <param name="Kind"><c>header</c>, <c>data</c>, <c>parity</c>, <c>header-parity</c> or <c>map</c>.</param>
public sealed record StorePart(string Kind, ByteRange Range);

/// <summary>Bytes of a store.</summary>
/// <param name="Offset">From its first byte.</param>
public readonly record struct ByteRange(long Offset, long Length);
