using System.Buffers.Binary;
using System.Text;
using PstoreLab.Harness.Faults;

namespace PstoreLab.Harness.Kernels.Modules;

/// <summary>
/// What a kernel module says about itself in its <c>.modinfo</c> section: NUL-ended <c>key=value</c> strings.
/// </summary>
public static class ModuleInfo
{
    // Of the ELF64 header and its section headers (System V ABI, chapter 4), little-endian.
    private const int SectionTable = 0x28;
    private const int SectionSize = 0x3a;
    private const int SectionCount = 0x3c;
    private const int SectionNames = 0x3e;

    /// <summary>
    /// A module's name as the kernel writes it: a file <c>efi-pstore.ko.xz</c> is the module <c>efi_pstore</c>.
    /// </summary>
    public static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        var suffix = name.IndexOf(".ko", StringComparison.Ordinal);
        return (suffix < 0 ? name : name[..suffix]).Replace('-', '_');
    }

    /// <summary>Names of the modules that must be loaded before this one.</summary>
    /// <param name="path">An uncompressed <c>.ko</c>.</param>
    /// <exception cref="InfraException">It is not an ELF file of 64 bits with a <c>.modinfo</c> section.</exception>
    public static IReadOnlyList<string> DependsOf(string path)
    {
        try
        {
            foreach (var entry in Encoding.ASCII.GetString(Section(File.ReadAllBytes(path), ".modinfo"u8)).Split('\0'))
            {
                if (entry.StartsWith("depends=", StringComparison.Ordinal))
                    return
                    [
                        .. entry["depends=".Length..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(NameOf),
                    ];
            }
            return [];
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or InvalidDataException)
        {
            throw new InfraException($"{path}: not a kernel module: no .modinfo section can be read from it.", e);
        }
    }

    private static ReadOnlySpan<byte> Section(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name)
    {
        if (!file.StartsWith("\x7f"u8) || file[4] != 2)
            throw new InvalidDataException();
        var names = Content(file, BinaryPrimitives.ReadUInt16LittleEndian(file[SectionNames..]));
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(file[SectionCount..]); i++)
        {
            var rest = names[(int)BinaryPrimitives.ReadUInt32LittleEndian(Header(file, i))..];
            if (rest[..rest.IndexOf((byte)0)].SequenceEqual(name))
                return Content(file, i);
        }
        throw new InvalidDataException();
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, int section)
    {
        var header = Header(file, section);
        var offset = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));
        return file.Slice(offset, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..])));
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> file, int section)
    {
        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file[SectionTable..]));
        return file[checked(table + (section * BinaryPrimitives.ReadUInt16LittleEndian(file[SectionSize..])))..];
    }
}
