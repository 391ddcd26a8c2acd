using System.Globalization;

namespace PstoreLab.Records.Stores;

/// <summary>Known parameters of a store, beside its bytes. All are optional: a format infers the others.</summary>
public sealed record StoreOptions
{
    /// <summary>No parameter is known.</summary>
    public static StoreOptions None { get; } = new();

    /// <summary>
    /// Kernel and module parameters by their full names, such as <c>ramoops.record_size</c> → <c>0x10000</c>. The
    /// formats use:
    /// <list type="bullet">
    /// <item><c>ramoops.mem_address</c>, <c>mem_size</c>, <c>record_size</c>, <c>console_size</c>, <c>ftrace_size</c>,
    /// <c>pmsg_size</c>, in bytes, and <c>ramoops.ecc</c>, bytes of parity (fs/pstore/ram.c, 5.10 to 7.2);</item>
    /// <item><see cref="Blk.PstoreBlkParameters"/>, in KiB (fs/pstore/blk.c, 5.10 to 7.2);</item>
    /// <item><c>acpi-erst.record_size</c>, in bytes, a property of QEMU's device (hw/acpi/erst.c);</item>
    /// <item><c>efi_pstore.record_size</c>, in bytes (drivers/firmware/efi/efi-pstore.c, since 6.2).</item>
    /// </list>
    /// </summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Number of possible CPUs of the writing machine, each with an ftrace zone of its own; null where not known.
    /// </summary>
    public int? Cpus { get; init; }

    /// <summary>
    /// Version of the kernel that wrote the store, as major.minor; null where not known. The order of ramoops zones and
    /// the usable size of a pstore_blk device depend on it.
    /// </summary>
    public Version? Kernel { get; init; }

    /// <summary>
    /// Byte order of the writing machine; null where not known. The headers of ramoops zones depend on it.
    /// </summary>
    public Endianness? Endian { get; init; }

    /// <summary>
    /// Physical address of the first byte of the image, for an image of memory: <c>ramoops.mem_address</c> then says
    /// where in the image the area begins. Null where not known: the area begins at the first byte.
    /// </summary>
    public long? Address { get; init; }

    /// <summary>
    /// Parses a parameter as the kernel does: decimal, hexadecimal behind <c>0x</c>, or octal behind <c>0</c>
    /// (<c>kstrtoull</c> with base 0, lib/kstrtox.c).
    /// </summary>
    /// <param name="parameter">Full name of the parameter.</param>
    /// <returns>Null where <see cref="Parameters"/> does not have it.</returns>
    /// <exception cref="RecordFormatException">The value is not a number from 0 to 2⁶³ − 1.</exception>
    public long? Number(string parameter)
    {
        if (!Parameters.TryGetValue(parameter, out string? text))
            return null;
        if (TryParse(text, out ulong number) && number <= long.MaxValue)
            return (long)number;
        throw new RecordFormatException(
            $"the parameter {parameter} is '{RecordText.ForDisplay(text)}'; expected a number, such as 65536 or 0x10000"
        );
    }

    private static bool TryParse(string text, out ulong number)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out number
            );
        if (text.Length < 2 || text[0] != '0')
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        number = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || number > ulong.MaxValue >> 3)
                return false;
            number = (number << 3) | (uint)(digit - '0');
        }
        return true;
    }
}
