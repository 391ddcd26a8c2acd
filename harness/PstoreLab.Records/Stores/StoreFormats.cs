using PstoreLab.Records.Blk;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Ramoops;

namespace PstoreLab.Records.Stores;

/// <summary>The formats there are.</summary>
public static class StoreFormats
{
    /// <summary>In the order in which an unknown image is tried: the surest signature first.</summary>
    public static IReadOnlyList<IStoreFormat> All { get; } =
    [new ErstFormat(), new EfiFormat(), new RamoopsFormat(), new BlkFormat()];

    public static IStoreFormat Get(StoreKind kind) => All.First(format => format.Kind == kind);

    /// <summary>The format of an image; null when it is none of them at its beginning.</summary>
    /// <param name="head">See <see cref="IStoreFormat.Recognises"/>.</param>
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
