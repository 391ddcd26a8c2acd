using System.Globalization;

namespace PstoreLab.Records.Stores;

/// <summary>What is known of a store beside its bytes. Nothing has to be: a format infers what it can.</summary>
public sealed record StoreOptions
{
    public static StoreOptions None { get; } = new();

    /// <summary>
    /// Kernel and module parameters by their full names, such as <c>ramoops.record_size</c> → <c>0x10000</c>; those of
    /// other modules are passed over.
    /// </summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Possible CPUs of the writer: ftrace zones are one each. Null when not known.</summary>
    public int? Cpus { get; init; }

    /// <summary>
    /// The kernel that wrote the store, as major.minor: some formats change with it. Null when not known.
    /// </summary>
    public Version? Kernel { get; init; }

    /// <summary>
    /// Physical address of the image's first byte, where the store is a piece of memory: <c>ramoops.mem_address</c>
    /// says where in the image the area begins. Null when not known: with its first byte.
    /// </summary>
    public long? Address { get; init; }

    /// <summary>
    /// A parameter as a number the way the kernel reads it: decimal, <c>0x</c> hexadecimal, or octal after a <c>0</c>.
    /// </summary>
    /// <returns>Null when it is not among the parameters.</returns>
    /// <exception cref="RecordFormatException">It is not a number.</exception>
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

    // kstrtoull with base 0, lib/kstrtox.c.
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
