using System.Formats.Tar;

namespace PstoreLab.Cli.Stores.Containers;

/// <summary>
/// A tar, such as a support report, read once from end to end. Links, devices and folders have no content.
/// </summary>
internal sealed class TarArchive : Container
{
    // "ustar" stands there in all formats since 1988.
    private const int MagicOffset = 257;

    protected override bool Begins(ReadOnlySpan<byte> head) =>
        head.Length >= MagicOffset + 5 && head.Slice(MagicOffset, 5).SequenceEqual("ustar"u8);

    public override void Read(StoreFile file, IMembers members)
    {
        using var reader = new TarReader(file.Content, leaveOpen: true);
        while (Next(reader) is { } entry)
            members.File(entry.Name, entry.DataStream is { } content ? () => content : null);
    }

    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception fault)
            when (fault
                    is EndOfStreamException
                        or FormatException
                        or ArgumentException
                        or OverflowException
                        or InvalidOperationException
            )
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }
}
