namespace PstoreLab.Records.Ramoops;

/// <summary>
/// GF(2⁸) with the polynomial 0x11d, the field of ramoops (<c>persistent_ram_init_ecc</c> in fs/pstore/ram_core.c, 5.10
/// to 7.2). No module parameter changes it.
/// </summary>
internal static class GaloisField
{
    /// <summary>Number of elements without zero.</summary>
    public const int Order = 255;

    private const int Polynomial = 0x11d;

    // Twice as long, so that a sum of two logarithms needs no modulo.
    private static readonly byte[] Powers = new byte[2 * Order];
    private static readonly byte[] Logarithms = new byte[Order + 1];

    static GaloisField()
    {
        int element = 1;
        for (int exponent = 0; exponent < Order; exponent++)
        {
            Powers[exponent] = Powers[exponent + Order] = (byte)element;
            Logarithms[element] = (byte)exponent;
            element <<= 1;
            if (element > Order)
                element ^= Polynomial;
        }
    }

    /// <summary>Power of the generator, 2.</summary>
    /// <param name="exponent">Not negative.</param>
    public static byte Power(int exponent) => Powers[exponent % Order];

    /// <param name="element">Not zero.</param>
    public static int Logarithm(byte element) => Logarithms[element];

    public static byte Multiply(byte left, byte right) =>
        left == 0 || right == 0 ? (byte)0 : Powers[Logarithms[left] + Logarithms[right]];

    /// <param name="left">Any element.</param>
    /// <param name="right">Not zero.</param>
    public static byte Divide(byte left, byte right) =>
        left == 0 ? (byte)0 : Powers[Logarithms[left] + Order - Logarithms[right]];
}
