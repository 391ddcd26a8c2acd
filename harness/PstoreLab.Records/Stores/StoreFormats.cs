using PstoreLab.Records.Blk;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Ramoops;

namespace PstoreLab.Records.Stores;

/// <summary>All store formats.</summary>
public static class StoreFormats
{
    /// <summary>
    /// One format of each kind, in the order in which <see cref="Recognise"/> tries them: the most certain signature
    /// first.
    /// </summary>
    public static IReadOnlyList<IStoreFormat> All { get; } =
    [new ErstFormat(), new EfiFormat(), new RamoopsFormat(), new BlkFormat()];

    /// <summary>All types of records that some store keeps, those of the first kind first.</summary>
    public static IReadOnlyList<string> RecordTypes { get; } =
    [.. All.OrderBy(format => format.Kind).SelectMany(format => format.Types).Distinct()];

    /// <summary>The format of a kind.</summary>
    /// <param name="kind">Any kind.</param>
    public static IStoreFormat Get(StoreKind kind) => All.First(format => format.Kind == kind);

    /// <summary>Finds the format of an image by its content.</summary>
    /// <param name="head">The first bytes of the image: at least 64 KiB, or all of it.</param>
    /// <param name="length">Length of the whole image, in bytes.</param>
    /// <returns>Null where no store begins at the first byte.</returns>
    public static IStoreFormat? Recognise(ReadOnlySpan<byte> head, long length)
    {
        foreach (var format in All)
        {
            if (format.Recognises(head, length))
                return format;
        }
        return null;
    }
}
