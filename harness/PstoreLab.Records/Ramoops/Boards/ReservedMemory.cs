using System.Globalization;

namespace PstoreLab.Records.Ramoops.Boards;

/// <summary>
/// What the kernel's parameter <c>reserve_mem=SIZE:ALIGN:NAME</c> asks for (<c>reserve_mem</c> in mm/memblock.c, 6.12
/// to 7.2): memory that the kernel picks itself, from the top down, and that a driver finds by its name.
/// </summary>
/// <param name="Size">In bytes.</param>
/// <param name="Alignment">In bytes; the memory begins at a multiple of it.</param>
/// <param name="Name">What a driver finds it by.</param>
public sealed record ReservedMemory(long Size, long Alignment, string Name)
{
    /// <summary>The parameter.</summary>
    public const string Parameter = "reserve_mem";

    /// <summary>Reads a value of the parameter.</summary>
    /// <param name="value">Such as <c>2M:4096:oops</c>.</param>
    /// <returns>Null for a value that the kernel refuses.</returns>
    public static ReservedMemory? Parse(string value) =>
        value.Split(':', 3) is [var size, var alignment, { Length: > 0 } name]
        && Bytes(size) is > 0 and var bytes
        && Bytes(alignment) is { } aligned
            ? new ReservedMemory(bytes, aligned, name)
            : null;

    // memparse in lib/cmdline.c, as far as memory goes.
    private static long? Bytes(string text)
    {
        int shift =
            text.Length == 0
                ? 0
                : char.ToUpperInvariant(text[^1]) switch
                {
                    'K' => 10,
                    'M' => 20,
                    'G' => 30,
                    _ => 0,
                };
        string digits = shift == 0 ? text : text[..^1];
        bool read = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(
                digits.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out long number
            )
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return read && number >= 0 && number <= long.MaxValue >> shift ? number << shift : null;
    }
}
