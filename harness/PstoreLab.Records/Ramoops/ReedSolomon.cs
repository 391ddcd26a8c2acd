using System.Collections.Concurrent;

namespace PstoreLab.Records.Ramoops;

/// <summary>
/// The Reed-Solomon code of the kernel (lib/reed_solomon/encode_rs.c and decode_rs.c; 5.10, 6.1, 6.12 and 7.2 are the
/// same to the last statement) with the parameters of ramoops: bytes in GF(2⁸) with the polynomial 0x11d, first root 1,
/// roots one apart, shortened by leading zeros. It agrees with the kernel in every result, even where more bytes are
/// wrong than the code can correct.
/// </summary>
internal sealed class ReedSolomon
{
    private static readonly ConcurrentDictionary<int, ReedSolomon> Codes = new();

    // For each root a table of its products: a syndrome takes one look-up and one exclusive or for each byte.
    private readonly byte[][] _products;

    // For each byte its product with the generator polynomial, without the first term.
    private readonly byte[][] _feedback;

    private ReedSolomon(int paritySize)
    {
        ParitySize = paritySize;
        _products = new byte[paritySize][];
        byte[] generator = new byte[paritySize + 1];
        generator[0] = 1;
        for (int root = 0; root < paritySize; root++)
        {
            byte value = GaloisField.Power(root);
            _products[root] = new byte[256];
            for (int factor = 0; factor < 256; factor++)
                _products[root][factor] = GaloisField.Multiply((byte)factor, value);
            for (int power = root + 1; power > 0; power--)
                generator[power] ^= GaloisField.Multiply(generator[power - 1], value);
        }

        _feedback = new byte[256][];
        for (int factor = 0; factor < 256; factor++)
            _feedback[factor] = [.. generator.Skip(1).Select(term => GaloisField.Multiply((byte)factor, term))];
    }

    /// <summary>Bytes of parity of a block.</summary>
    public int ParitySize { get; }

    /// <summary>Number of damaged bytes in a block, parity included, that are always corrected.</summary>
    public int Correctable => ParitySize / 2;

    /// <summary>The longest block of data, in bytes.</summary>
    public int MaxBlockLength => GaloisField.Order - ParitySize;

    /// <summary>The code with a number of parity bytes.</summary>
    /// <param name="paritySize">Bytes of parity of a block, 1 to 254.</param>
    public static ReedSolomon WithParity(int paritySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paritySize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(paritySize, GaloisField.Order - 1);
        return Codes.GetOrAdd(paritySize, size => new ReedSolomon(size));
    }

    /// <summary>Calculates the parity of a block.</summary>
    /// <param name="data">1 to <see cref="MaxBlockLength"/> bytes.</param>
    /// <param name="parity">Receives <see cref="ParitySize"/> bytes.</param>
    public void Encode(ReadOnlySpan<byte> data, Span<byte> parity)
    {
        CheckLengths(data.Length, parity.Length);
        parity.Clear();
        foreach (byte value in data)
        {
            byte[] feedback = _feedback[value ^ parity[0]];
            for (int place = 1; place < parity.Length; place++)
                parity[place - 1] = (byte)(parity[place] ^ feedback[place - 1]);
            parity[^1] = feedback[^1];
        }
    }

    /// <summary>Corrects a block and its parity in place.</summary>
    /// <returns>
    /// Number of wrong bytes, parity included; null for a block beyond repair, which is left unchanged. More than
    /// <see cref="Correctable"/> wrong bytes are nearly always beyond repair. Rarely they are corrected to another
    /// block than the written one, and neither this code nor the kernel notices.
    /// </returns>
    public int? Decode(Span<byte> data, Span<byte> parity)
    {
        CheckLengths(data.Length, parity.Length);
        Span<byte> syndromes = stackalloc byte[ParitySize];
        if (!Syndromes(data, parity, syndromes))
            return 0;

        Span<byte> locator = stackalloc byte[ParitySize + 1];
        int degree = Locator(syndromes, locator);
        if (degree == 0)
            return null;

        // Leading zeros of the full block. They are not stored, and cannot be wrong.
        int padding = MaxBlockLength - data.Length;
        Span<byte> places = stackalloc byte[degree];
        if (!Places(locator[..(degree + 1)], padding, places))
            return null;

        Span<byte> wrong = stackalloc byte[degree];
        int corrected = Values(syndromes, locator[..(degree + 1)], places, wrong);
        if (!Explains(syndromes, places, wrong))
            return null;

        for (int error = 0; error < degree; error++)
        {
            int place = places[error] - padding;
            if (place < data.Length)
                data[place] ^= wrong[error];
            else
                parity[place - data.Length] ^= wrong[error];
        }
        return corrected;
    }

    private void CheckLengths(int data, int parity)
    {
        if (data < 1 || data > MaxBlockLength)
            throw new ArgumentOutOfRangeException(nameof(data), data, $"expected 1 to {MaxBlockLength} bytes of data");
        ArgumentOutOfRangeException.ThrowIfNotEqual(parity, ParitySize);
    }

    private bool Syndromes(ReadOnlySpan<byte> data, ReadOnlySpan<byte> parity, Span<byte> syndromes)
    {
        int any = 0;
        for (int root = 0; root < syndromes.Length; root++)
        {
            byte[] product = _products[root];
            byte sum = 0;
            foreach (byte value in data)
                sum = (byte)(product[sum] ^ value);
            foreach (byte value in parity)
                sum = (byte)(product[sum] ^ value);
            syndromes[root] = sum;
            any |= sum;
        }
        return any != 0;
    }

    // Berlekamp and Massey's algorithm. With more errors than are certainly correctable the locator is one of several:
    // the steps must be the kernel's to find the same one.
    private static int Locator(ReadOnlySpan<byte> syndromes, Span<byte> locator)
    {
        int size = locator.Length;
        Span<byte> earlier = stackalloc byte[size];
        Span<byte> next = stackalloc byte[size];
        locator.Clear();
        earlier.Clear();
        locator[0] = earlier[0] = 1;
        int length = 0;
        for (int step = 1; step < size; step++)
        {
            byte discrepancy = 0;
            for (int term = 0; term < step; term++)
                discrepancy ^= GaloisField.Multiply(locator[term], syndromes[step - term - 1]);
            bool grows = discrepancy != 0 && 2 * length <= step - 1;
            if (discrepancy != 0)
            {
                next[0] = locator[0];
                for (int term = 1; term < size; term++)
                    next[term] = (byte)(locator[term] ^ GaloisField.Multiply(discrepancy, earlier[term - 1]));
            }
            else
            {
                locator.CopyTo(next);
            }

            if (grows)
            {
                length = step - length;
                for (int term = 0; term < size; term++)
                    earlier[term] = GaloisField.Divide(locator[term], discrepancy);
            }
            else
            {
                earlier[..^1].CopyTo(earlier[1..]);
                earlier[0] = 0;
            }
            next.CopyTo(locator);
        }
        return locator.LastIndexOfAnyExcept((byte)0);
    }

    // The roots of the locator, by trying every place; false where they are too few, or one lies in the padding.
    private static bool Places(ReadOnlySpan<byte> locator, int padding, Span<byte> places)
    {
        // Logarithms of the terms other than zero; the term of power 0 is 1.
        Span<int> logarithms = stackalloc int[locator.Length];
        Span<int> powers = stackalloc int[locator.Length];
        int terms = 0;
        for (int power = 1; power < locator.Length; power++)
        {
            if (locator[power] != 0)
                (logarithms[terms], powers[terms++]) = (GaloisField.Logarithm(locator[power]), power);
        }

        int found = 0;
        for (int place = 0; place < GaloisField.Order; place++)
        {
            byte sum = 1;
            for (int term = 0; term < terms; term++)
            {
                int logarithm = logarithms[term] + powers[term];
                if (logarithm >= GaloisField.Order)
                    logarithm -= GaloisField.Order;
                logarithms[term] = logarithm;
                sum ^= GaloisField.Power(logarithm);
            }
            if (sum != 0)
                continue;
            if (place < padding)
                return false;
            places[found++] = (byte)place;
            if (found == places.Length)
                return true;
        }
        return false;
    }

    // Forney's algorithm. A value of zero means that the byte is right; it is not counted.
    private static int Values(
        ReadOnlySpan<byte> syndromes,
        ReadOnlySpan<byte> locator,
        ReadOnlySpan<byte> places,
        Span<byte> wrong
    )
    {
        Span<byte> evaluator = stackalloc byte[places.Length];
        for (int term = 0; term < evaluator.Length; term++)
        {
            byte sum = 0;
            for (int inner = 0; inner <= term; inner++)
                sum ^= GaloisField.Multiply(syndromes[term - inner], locator[inner]);
            evaluator[term] = sum;
        }

        // The formal derivative: in this field the even terms vanish.
        Span<byte> derivative = stackalloc byte[places.Length];
        for (int term = 0; term < derivative.Length; term++)
            derivative[term] = term % 2 == 0 ? locator[term + 1] : (byte)0;

        int corrected = 0;
        for (int error = 0; error < places.Length; error++)
        {
            int root = places[error] + 1;
            byte value = Evaluate(evaluator, root);
            if (value != 0)
            {
                value = GaloisField.Multiply(value, GaloisField.Power(GaloisField.Order - root));
                value = GaloisField.Divide(value, Evaluate(derivative, root));
                corrected++;
            }
            wrong[error] = value;
        }
        return corrected;
    }

    // The kernel's last check: these errors must give these syndromes.
    private static bool Explains(ReadOnlySpan<byte> syndromes, ReadOnlySpan<byte> places, ReadOnlySpan<byte> wrong)
    {
        for (int root = 0; root < syndromes.Length; root++)
        {
            byte sum = 0;
            for (int error = 0; error < places.Length; error++)
                sum ^= GaloisField.Multiply(
                    wrong[error],
                    GaloisField.Power(root * (GaloisField.Order - 1 - places[error]))
                );
            if (sum != syndromes[root])
                return false;
        }
        return true;
    }

    private static byte Evaluate(ReadOnlySpan<byte> polynomial, int exponent)
    {
        byte sum = 0;
        for (int term = 0; term < polynomial.Length; term++)
            sum ^= GaloisField.Multiply(polynomial[term], GaloisField.Power(exponent * term));
        return sum;
    }
}
